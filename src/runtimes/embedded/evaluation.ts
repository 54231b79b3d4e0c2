import { hash } from 'node:crypto'
import { sep } from 'node:path'
import { type Classifier, compileClassifier, selectSchemas } from '../../core/classify/index.ts'
import type { Rule, Schema } from '../../core/contracts/index.ts'
import { type CodedError, messageOf, problemsOf } from '../../core/errors.ts'
import { runPublishers } from '../../core/publishing/chain.ts'
import { compileEvaluation } from '../../core/evaluate/index.ts'
import { decoders } from '../../decoders/index.ts'
import { loadCode, type ProjectCode } from '../../project/code.ts'
import { registerResolve } from '../../project/resolve.ts'
import { markJob, type Progress, progressGuard } from './progress.ts'
import type { CodeInput, Job, PlainProblem, WorkerInput, WorkerMessage } from './protocol.ts'

/** How a worker talks with the one that runs it. */
export interface Line {
  /** Where it writes down the place it stands at. */
  readonly progress: Progress
  send(message: WorkerMessage): void
  onJob(listener: (job: Job) => void): void
  /** Tells the place, where nobody sees `progress`: now with `urgent`, else when it is time again. */
  tell?(urgent: boolean): void
}

/**
 * Loads a project's code, then decodes, classifies and runs rules for each job that comes. Call it once in a thread or process,
 * which is then all the project's.
 */
export async function startEvaluation(input: WorkerInput, line: Line): Promise<void> {
  const { code } = input
  const { send } = line
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => send({ type: 'stray', message: strayMessage(error) }))
  }
  const imported = new Set<string>()
  registerResolve((path) => void imported.add(path))
  const { schemas, rules, publishers, tables, problems } = await loadCode(code, (file) =>
    send({ type: 'importing', file }),
  )
  if (problems.length > 0) return send({ type: 'broken', problems: problems.map(plain) })
  try {
    const ready = rules.map((rule) => withOutputs(rule, code))
    const loaded = serve({ schemas, rules: ready, publishers, tables }, input, line)
    send({ type: 'ready', ...loaded, files: filesOf(code.dir, imported) })
  } catch (error) {
    send({ type: 'broken', problems: problemsOf(error).map(plain) })
  }
}

/** Answers jobs from now on; answers what was loaded. */
function serve({ schemas, rules, publishers, tables }: Loaded, { code, maxBodyBytes }: WorkerInput, line: Line) {
  const { progress, send, tell } = line
  const classifiers = classifiersOf(schemas, code)
  const evaluate = compileEvaluation({
    classifierOf: (source) => classifiers.get(source)!,
    rules,
    tables,
    decoders,
    hash: (text) => hash('sha256', text, 'hex'),
    limits: { maxBodyBytes, maxKeptBytes: 1_048_576 },
  })
  line.onJob(({ id, frames, exceptions, traced, publishing }) => {
    markJob(progress, id)
    tell?.(true)
    const tellStep = tell && (() => tell(traced))
    try {
      if (publishing) {
        const chain = publishing.publishers.map((name) => publishers.get(name)!)
        send({ type: 'published', id, publication: runPublishers(chain, publishing.alert, structuredClone) })
        return markJob(progress, 0)
      }
      const results = frames.map((frame, index) =>
        evaluate(frame, { guard: progressGuard(progress, index, exceptions, tellStep), index }),
      )
      send({ type: 'done', id, results })
    } catch (error) {
      send({ type: 'failed', id, message: messageOf(error) })
    }
    markJob(progress, 0)
  })
  return {
    rules: rules.map((rule) => rule.info),
    schemas: schemas.map((schema) => schema.name),
    framings: Object.fromEntries([...classifiers].map(([source, { framings }]) => [source, [...framings]])),
    sensitive: Object.fromEntries(
      schemas.filter(({ sensitive }) => sensitive.length > 0).map(({ name, sensitive }) => [name, sensitive]),
    ),
  }
}

type Loaded = Pick<ProjectCode, 'schemas' | 'rules' | 'publishers' | 'tables'>

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

/** Of the files that were imported, those of the project itself. */
const filesOf = (dir: string, imported: ReadonlySet<string>): string[] =>
  [...imported].filter((path) => path.startsWith(dir + sep) && !path.includes(`${sep}node_modules${sep}`))

/** The first line of the stack that lies in code tells whose it is. */
function strayMessage(error: unknown): string {
  const at = error instanceof Error ? /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] : undefined
  return `${messageOf(error)}${at ? ` (${at})` : ''}`.slice(0, 500)
}

function plain({ code, message, place, hint }: CodedError): PlainProblem {
  return { code, message, place, ...(hint !== undefined && { hint }) }
}
