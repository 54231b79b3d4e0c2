import { Worker } from 'node:worker_threads'
import { type Code, CodedError, type Place, messageOf } from '../core/errors.ts'
import type { CodeRequest } from '../project/code-request.ts'
import type { ProjectCode } from '../project/code.ts'
import { giveThreadsRoom, makeCodeStoppable } from '../project/v8-flags.ts'
import { threadEntry } from '../project/thread-entry.ts'
import type { Fate, Listing } from './mutate/judge.ts'
import type { Mutant } from './mutate/mutants.ts'
import type { ExplainInput, Explained } from './explain-text.ts'
import type { RuleTestResult } from './rule-runner.ts'
import type { RuleTest } from './rule-test-file.ts'

/** What the thread is given when it starts. */
export interface WorkerInput {
  readonly code: CodeRequest
  /** Epoch milliseconds. */
  readonly now: number
}

/** What the thread is asked to do: run a case; explain a rule; say how the rules of a file can be broken; judge one such mutant; find what would notice it. */
export type ToWorker =
  | { readonly type: 'test'; readonly rule: string; readonly test: RuleTest }
  | { readonly type: 'explain'; readonly rule: string; readonly input: ExplainInput }
  | { readonly type: 'list'; readonly file: string; readonly rules: readonly string[] }
  | { readonly type: 'judge' | 'nearMiss'; readonly file: string; readonly mutant: Mutant }

/** Errors lose their class between threads. */
interface PlainProblem {
  readonly code: Code
  readonly message: string
  readonly place: Place
  readonly hint?: string
}

interface Loaded {
  readonly type: 'loaded'
  readonly rules: readonly RuleFile[]
  readonly problems: readonly PlainProblem[]
  readonly replaced: ProjectCode['replaced']
}

export type FromWorker =
  | { readonly type: 'importing'; readonly file: string }
  | Loaded
  | { readonly type: 'answer'; readonly answer: unknown }

/** A rule, and its file (absolute). */
export interface RuleFile {
  readonly name: string
  readonly file: string
}

/** A thread that has loaded a project's code. */
export interface RuleTestThread {
  readonly rules: readonly RuleFile[]
  readonly problems: readonly CodedError[]
  /** See `ProjectCode`. */
  readonly replaced: ProjectCode['replaced']
  // Each throws RULE_TIMEOUT, RULE_MEMORY or RULE_CRASHED when no answer comes; the thread is of no use then.
  run(rule: string, test: RuleTest): Promise<RuleTestResult>
  /** Also throws what is wrong with the input. */
  explain(rule: string, input: ExplainInput): Promise<readonly Explained[]>
  list(file: string, rules: readonly string[]): Promise<Listing>
  judge(file: string, mutant: Mutant): Promise<Fate>
  nearMiss(file: string, mutant: Mutant): Promise<RuleTest | undefined>
  close(): Promise<void>
}

export interface ThreadOptions extends Pick<WorkerInput, 'code' | 'now'> {
  /** Time one case may take, milliseconds. */
  readonly timeoutMs: number
  /** What rules print. */
  readonly onPrinted: (text: string) => void
}

/** Time one file may take to be imported, or all cases of it: the machine may be busy. */
const patienceMs = 30_000
/** Time the search for one record may take. */
const searchMs = 10_000
const memoryMb = 512

/** Loads a project's code in a thread of its own. Throws MODULE_FAILED, with the file, when one never finishes loading. */
export async function startRuleTestThread(options: ThreadOptions): Promise<RuleTestThread> {
  const { code, now, timeoutMs, onPrinted } = options
  makeCodeStoppable()
  giveThreadsRoom()
  const { entry, argv } = threadEntry('src/testing/rule-runner-worker')
  const worker = new Worker(entry, {
    argv,
    workerData: { code, now } satisfies WorkerInput,
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  worker.stdout.setEncoding('utf8').on('data', onPrinted)
  worker.stderr.setEncoding('utf8').on('data', onPrinted)

  let importing: string | undefined
  let ended: CodedError | undefined
  let hear: (message: FromWorker | CodedError) => void = () => {}
  const end = (error: CodedError) => {
    ended ??= error
    hear(ended)
  }
  worker.on('message', (message: FromWorker) => hear(message))
  worker.on('error', (error: NodeJS.ErrnoException) => end(failure(error)))
  worker.on('exit', () => end(new CodedError('RULE_CRASHED', 'It ended its thread, perhaps with process.exit.')))

  /** The next message; an error when the thread ends or nothing comes in time. */
  const next = (limitMs: number, late: () => CodedError) =>
    new Promise<FromWorker>((resolve, reject) => {
      const timer = setTimeout(() => end(late()), limitMs)
      hear = (heard) => {
        clearTimeout(timer)
        if (heard instanceof CodedError) reject(heard)
        else resolve(heard)
      }
      if (ended) hear(ended)
    })

  async function load() {
    for (;;) {
      const message = await next(
        patienceMs,
        () => new CodedError('MODULE_FAILED', `It did not finish loading within ${patienceMs / 1000} s.`),
      )
      if (message.type === 'loaded') return message
      if (message.type === 'importing') importing = message.file
    }
  }

  async function ask<T>(order: ToWorker, limitMs: number): Promise<T> {
    worker.postMessage(order)
    const late = () => new CodedError('RULE_TIMEOUT', `It did not return within ${limitMs} ms.`)
    const message = await next(limitMs, late)
    // The thread answers each order with what its methods below say.
    if (message.type === 'answer') return message.answer as T
    throw new CodedError('INTERNAL', `The test thread answered with "${message.type}".`)
  }

  try {
    const { rules, replaced, problems } = await load()
    return {
      rules,
      replaced,
      problems: problems.map(({ code: known, message, ...rest }) => new CodedError(known, message, rest)),
      run: (rule, test) => ask({ type: 'test', rule, test }, timeoutMs),
      explain: async (rule, input) => {
        const found = await ask<readonly Explained[] | PlainProblem>({ type: 'explain', rule, input }, timeoutMs)
        if ('code' in found) throw new CodedError(found.code, found.message, found)
        return found
      },
      list: (file, names) => ask({ type: 'list', file, rules: names }, patienceMs),
      judge: (file, mutant) => ask({ type: 'judge', file, mutant }, timeoutMs),
      nearMiss: (file, mutant) => ask({ type: 'nearMiss', file, mutant }, searchMs),
      close: async () => void (await worker.terminate()),
    }
  } catch (error) {
    await worker.terminate()
    throw error instanceof CodedError && importing !== undefined
      ? new CodedError('MODULE_FAILED', error.message, { place: { file: importing } })
      : error
  }
}

const failure = (error: NodeJS.ErrnoException) =>
  error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new CodedError('RULE_MEMORY', `It used more than ${memoryMb} MB.`)
    : new CodedError('RULE_CRASHED', messageOf(error))
