/** The thread that tests run in: a rule that never returns, or ends its process, ends only this. Its environment is empty. */
import { hash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { type CodedError, problemsOf } from '../core/errors.ts'
import { loadCode } from '../project/code.ts'
import { registerResolve } from '../project/resolve.ts'
import type { FromWorker, ToWorker, WorkerInput } from './rule-test-thread.ts'
import type { ExplainInput } from './explain-text.ts'
import type { Judge } from './mutate/judge.ts'
import { prepareRuleTests, runRuleTest } from './rule-runner.ts'

// As in the workers of the engine: a regular expression that backtracks without end goes over to an engine of linear time.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

const port = parentPort!
const { code, now } = workerData as WorkerInput
const send = (message: FromWorker) => port.postMessage(message)

registerResolve()
const { schemas, rules, tables, fileOf, replaced, problems } = await loadCode(code, (file) =>
  send({ type: 'importing', file }),
)
const files = rules.map(({ info }) => ({ name: info.name, file: fileOf.get(info.name)! }))
const byName = new Map(rules.map((rule) => [rule.info.name, rule]))
const around = prepareRuleTests({
  schemas,
  tables,
  clusters: code.clusters,
  now,
  hash: (text) => hash('sha256', text, 'hex'),
})

/** Only made when rules are to be broken. */
let judging: Promise<Judge> | undefined
async function startJudge(): Promise<Judge> {
  const [{ createJudge }, { readCases }] = await Promise.all([import('./mutate/judge.ts'), import('./rule-tests.ts')])
  const { cases } = readCases(code, files)
  const casesOf = (name: string) => cases.filter(({ rule }) => rule === name).map(({ test }) => test)
  return createJudge({ rules: byName, casesOf, around })
}

async function answer(order: ToWorker): Promise<unknown> {
  if (order.type === 'test') return runRuleTest(byName.get(order.rule)!, order.test, around)
  if (order.type === 'explain') return explained(order.rule, order.input)
  const judge = await (judging ??= startJudge())
  if (order.type === 'list') return judge.list(order.file, order.rules)
  return judge[order.type](order.file, order.mutant)
}

/** What is wrong with the input is an answer too. */
async function explained(rule: string, input: ExplainInput): Promise<unknown> {
  const { explainText } = await import('./explain-text.ts')
  try {
    return explainText(byName.get(rule)!, input, around, code.dir)
  } catch (error) {
    return plain(problemsOf(error)[0]!)
  }
}

port.on('message', (order: ToWorker) => {
  void answer(order).then((found) => send({ type: 'answer', answer: found }))
})
send({
  type: 'loaded',
  rules: files,
  problems: problems.map(plain),
  replaced,
})

function plain({ code: known, message, place, hint }: CodedError) {
  return { code: known, message, place, ...(hint !== undefined && { hint }) }
}
