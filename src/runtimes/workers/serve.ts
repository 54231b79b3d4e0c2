import { hash } from 'node:crypto'
import { type Classifier, compileClassifier, selectSchemas } from '../../core/classify/index.ts'
import type { Publisher, Rule, Schema, Segments, Tables } from '../../core/contracts/index.ts'
import { type CodedError, messageOf } from '../../core/errors.ts'
import { compileEvaluation } from '../../core/evaluate/index.ts'
import { runPublishers } from '../../core/publishing/chain.ts'
import { decoders } from '../../decoders/index.ts'
import { copyBytes } from './copy.ts'
import { markJob, type Progress, progressGuard } from './progress.ts'
import type { Job, PlainProblem, WorkerMessage } from './protocol.ts'

/** How a worker talks with the one that runs it. */
export interface Line {
  /** Where it writes down the place it stands at. */
  readonly progress: Progress
  send(message: WorkerMessage): void
  onJob(listener: (job: Job) => void): void
  /** Tells the place, where nobody sees `progress`: now with `urgent`, else when it is time again. */
  tell?(urgent: boolean): void
}

/** What a worker works with. */
export interface Served {
  readonly schemas: readonly Schema[]
  readonly rules: readonly Rule[]
  readonly publishers: ReadonlyMap<string, Publisher>
  readonly tables: Tables
  /** Sources, each with the log types it may hold; without: all. */
  readonly sources: readonly { readonly name: string; readonly schemas?: readonly string[] }[]
  /** A body of more, decompressed, is damaged. Bytes. */
  readonly maxBodyBytes: number
  /** History is on: results hold the records. */
  readonly history?: Pick<Segments, 'compress'>
}

/** Tells of promises and timers that rules left behind: they fail, and the worker goes on. */
export function tellStrays({ send }: Line): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => send({ type: 'stray', message: strayMessage(error) }))
  }
}

/** Answers jobs from now on: decodes, classifies and runs rules. Answers what of it the others are to know. */
export function serve({ schemas, rules, publishers, tables, sources, maxBodyBytes, history }: Served, line: Line) {
  const { progress, send, tell } = line
  const classifiers = classifiersOf(schemas, sources)
  const evaluate = compileEvaluation({
    classifierOf: (source) => classifiers.get(source)!,
    rules,
    tables,
    decoders,
    hash: (text) => hash('sha256', text, 'hex'),
    limits: { maxBodyBytes, maxKeptBytes: 1_048_576 },
    copy: copyBytes,
    ...(history && { history }),
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

/** One classifier for each distinct list of candidates. */
function classifiersOf(schemas: readonly Schema[], sources: Served['sources']): ReadonlyMap<string, Classifier> {
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

/** The first line of the stack that lies in code tells whose it is. */
function strayMessage(error: unknown): string {
  const at = error instanceof Error ? /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] : undefined
  return `${messageOf(error)}${at ? ` (${at})` : ''}`.slice(0, 500)
}

/** A problem in a form that crosses threads. */
export function plain({ code, message, place, hint }: CodedError): PlainProblem {
  return { code, message, place, ...(hint !== undefined && { hint }) }
}
