/** The thread that tests run in: a rule that never returns, or ends its process, ends only this. Its environment is empty. */
import { hash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import type { CodedError } from '../core/errors.ts'
import { loadCode, registerResolve } from '../project/index.ts'
import type { FromWorker, ToWorker, WorkerInput } from './rule-test-thread.ts'
import { prepareRuleTests, runRuleTest } from './rule-runner.ts'

// As in the workers of the engine: a regular expression that backtracks without end goes over to an engine of linear time.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

const port = parentPort!
const { code, now } = workerData as WorkerInput
const send = (message: FromWorker) => port.postMessage(message)

registerResolve()
const { schemas, rules, fileOf, replaced, problems } = await loadCode(code, (file) => send({ type: 'importing', file }))
const byName = new Map(rules.map((rule) => [rule.info.name, rule]))
const around = prepareRuleTests({ schemas, clusters: code.clusters, now, hash: (text) => hash('sha256', text, 'hex') })

port.on('message', ({ rule, test }: ToWorker) => {
  void runRuleTest(byName.get(rule)!, test, around).then((result) => send({ type: 'result', result }))
})
send({
  type: 'loaded',
  rules: rules.map(({ info }) => ({ name: info.name, file: fileOf.get(info.name)! })),
  problems: problems.map(plain),
  replaced,
})

function plain({ code: known, message, place, hint }: CodedError) {
  return { code: known, message, place, ...(hint !== undefined && { hint }) }
}
