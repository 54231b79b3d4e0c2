/** The thread that decodes, classifies and runs rules. Everything it has comes in `workerData`; its environment is empty. */
import { hash } from 'node:crypto'
import { sep } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type Classifier, compileClassifier, selectSchemas } from '../../core/classify/index.ts'
import type { Rule, Schema } from '../../core/contracts/index.ts'
import { type CodedError, messageOf, problemsOf } from '../../core/errors.ts'
import { compileEvaluation } from '../../core/evaluate/index.ts'
import { decoders } from '../../decoders/index.ts'
import { loadCode } from '../../project/code.ts'
import { registerResolve } from '../../project/resolve.ts'
import { markJob, progressGuard } from './progress.ts'
import type { CodeInput, Job, PlainProblem, WorkerInput, WorkerMessage } from './protocol.ts'

const port = parentPort!
const { code, progress, maxBodyBytes } = workerData as WorkerInput
const send = (message: WorkerMessage) => port.postMessage(message)

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => send({ type: 'stray', message: strayMessage(error) }))
}

const imported = new Set<string>()
registerResolve((path) => void imported.add(path))
const { schemas, rules, tables, problems } = await loadCode(code)
if (problems.length > 0) {
  send({ type: 'broken', problems: problems.map(plain) })
} else {
  try {
    serve(
      schemas,
      rules.map((rule) => withOutputs(rule, code)),
    )
  } catch (error) {
    send({ type: 'broken', problems: problemsOf(error).map(plain) })
  }
}

function serve(schemas: readonly Schema[], rules: readonly Rule[]): void {
  const classifiers = classifiersOf(schemas, code)
  const evaluate = compileEvaluation({
    classifierOf: (source) => classifiers.get(source)!,
    rules,
    tables,
    decoders,
    hash: (text) => hash('sha256', text, 'hex'),
    limits: { maxBodyBytes, maxKeptBytes: 1_048_576 },
  })
  port.on('message', ({ id, frames, exceptions }: Job) => {
    markJob(progress, id)
    try {
      const results = frames.map((frame, index) =>
        evaluate(frame, { guard: progressGuard(progress, index, exceptions), index }),
      )
      send({ type: 'done', id, results })
    } catch (error) {
      send({ type: 'failed', id, message: messageOf(error) })
    }
    markJob(progress, 0)
  })
  send({
    type: 'ready',
    rules: rules.map((rule) => rule.info),
    schemas: schemas.map((schema) => schema.name),
    framings: Object.fromEntries([...classifiers].map(([source, { framings }]) => [source, [...framings]])),
    files: [...imported].filter(
      (path) => path.startsWith(code.dir + sep) && !path.includes(`${sep}node_modules${sep}`),
    ),
    sensitive: Object.fromEntries(
      schemas.filter(({ sensitive }) => sensitive.length > 0).map(({ name, sensitive }) => [name, sensitive]),
    ),
  })
}

/** One classifier for each distinct list of candidates. */
function classifiersOf(schemas: readonly Schema[], { sources }: CodeInput): ReadonlyMap<string, Classifier> {
  const made = new Map<string, Classifier>()
  return new Map(
    sources.map(({ name, schemas: names }) => {
      const candidates = selectSchemas(schemas, names)
      const key = candidates.map((schema) => schema.name).join(' ')
      const classifier = made.get(key) ?? compileClassifier(candidates)
      made.set(key, classifier)
      return [name, classifier]
    }),
  )
}

function withOutputs(rule: Rule, { everyOutput }: CodeInput): Rule {
  return { ...rule, info: { ...rule.info, outputs: [...new Set([...everyOutput, ...rule.info.outputs])] } }
}

/** The first line of the stack that lies in code tells whose it is. */
function strayMessage(error: unknown): string {
  const at = error instanceof Error ? /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] : undefined
  return `${messageOf(error)}${at ? ` (${at})` : ''}`.slice(0, 500)
}

function plain({ code, message, place, hint }: CodedError): PlainProblem {
  return { code, message, place, ...(hint !== undefined && { hint }) }
}
