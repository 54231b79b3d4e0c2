import { relative } from 'node:path'
import type { FrameResult } from '../../core/contracts/index.ts'
import { CodedError, type Code, Problems } from '../../core/errors.ts'
import type { Publication } from '../../core/publish.ts'
import { sleep } from '../../core/sleep.ts'
import { createAwake } from './awake.ts'
import { beat, type Place, place } from './progress.ts'
import type { Job, LoadedCode, PlainProblem, WorkerMessage } from './protocol.ts'
import type { WorkerOptions } from './transport.ts'
import { overstepped, type Sample } from './watchdog.ts'

/** How a job ended. `broke`: the worker is gone; `place` says where it stood. */
export type JobEnd =
  | { readonly kind: 'done'; readonly results: readonly FrameResult[]; readonly publication?: Publication }
  | {
      readonly kind: 'broke'
      readonly why: 'timeout' | 'memory' | 'crash'
      readonly message: string
      readonly place: Place
      /** False: it may have stood somewhere after `place`; the job tells exactly when it is traced. */
      readonly exact: boolean
    }

/** One worker, a thread or a process. Runs a job at a time. */
export interface WorkerHandle {
  readonly loaded: LoadedCode
  /** False once the worker is gone. */
  alive(): boolean
  run(job: Job): Promise<JobEnd>
  stop(): Promise<void>
}

/** A worker that does not answer for so long, and makes no step meanwhile, hangs inside V8. Milliseconds. */
const silentMs = 10_000
/** How long stopping a worker is waited for, milliseconds. */
const stopMs = 5_000

/** How often a busy worker is looked at, milliseconds. */
const lookEvery = 50

/** Time one file of a project may take to be imported, milliseconds: the machine may be busy. */
const importMs = 30_000

/** Starts a worker that has loaded the project's code. Throws Problems when that code is broken. */
export async function startWorker(options: WorkerOptions): Promise<WorkerHandle> {
  let gone: { why: 'memory' | 'crash'; message: string } | undefined
  let ended: (end: JobEnd) => void = () => {}
  let heard: (message: WorkerMessage) => void = () => {}
  const awake = createAwake(options.clock ?? (() => performance.now()), lookEvery * 20)
  const transport = options.start({
    message: (message) => (message.type === 'stray' ? options.onStray(message.message) : heard(message)),
    gone(why, message) {
      gone ??= { why, message }
      ended({ kind: 'broke', ...gone, place: place(progress), exact: false })
    },
  })
  const { progress } = transport

  const loaded = await loading()
  await transport.usage().catch(() => {})
  transport.hold(false)

  /** Waits until the project's code is loaded. */
  async function loading(): Promise<LoadedCode> {
    let file: string | undefined
    let since = awake()
    let looking: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        const fail = (message: string) => reject(new Problems([brokeLoading(message, file, options.dir)]))
        looking = setInterval(() => awake() - since >= importMs && fail(neverLoaded), lookEvery * 10)
        ended = (end) => {
          if (end.kind === 'broke') fail(end.message)
        }
        heard = (message) => {
          if (message.type === 'ready') resolve(message)
          if (message.type === 'broken') reject(new Problems(message.problems.map(coded)))
          if (message.type === 'importing') file = message.file
          since = awake()
        }
      })
    } catch (error) {
      void transport.end()
      throw error
    } finally {
      clearInterval(looking)
      ended = () => {}
      heard = () => {}
    }
  }

  async function look(): Promise<Sample> {
    return { beat: beat(progress), at: awake(), ...(await transport.usage()) }
  }

  /** Looks at the worker until `signal` aborts; stops the worker when a step goes past its limits. */
  async function watch(signal: AbortSignal): Promise<void> {
    let first: Sample | undefined
    let seen = beat(progress)
    for (let looks = 1; !signal.aborted; looks++) {
      await sleep(lookEvery, signal)
      const now = beat(progress)
      const moved = now !== seen
      seen = now
      if (moved) first = undefined
      // A worker that moves is only asked now and then: rules may gather memory over many records.
      if (signal.aborted || (moved && looks % 20 !== 0)) continue
      const sample = await answered(look(), silentMs, awake)
      if (signal.aborted) continue
      if (sample === undefined) {
        if (beat(progress) === now) return end('timeout', silentMessage)
        continue
      }
      if (!first || first.beat !== sample.beat) first = sample
      const why = overstepped(first, sample, options.limits)
      if (!why || (why === 'timeout' && beat(progress) !== sample.beat)) continue
      return end(why, why === 'timeout' ? timeoutMessage(first, sample) : memoryMessage(sample))
    }
  }

  function end(why: 'timeout' | 'memory', message: string): void {
    const where = place(progress)
    gone = { why: 'crash', message }
    ended({ kind: 'broke', why, message, place: where, exact: false })
    void transport.end()
  }

  return {
    loaded,
    alive: () => gone === undefined,
    async run(job) {
      const exact = transport.exact || job.traced
      if (gone) return { kind: 'broke', ...gone, place: place(progress), exact }
      const watching = new AbortController()
      transport.hold(true)
      const end = await new Promise<JobEnd>((resolve) => {
        ended = (end) => resolve(end.kind === 'broke' ? { ...end, exact } : end)
        heard = (message) => {
          if (message.type === 'done' && message.id === job.id) resolve({ kind: 'done', results: message.results })
          if (message.type === 'published' && message.id === job.id) {
            resolve({ kind: 'done', results: [], publication: message.publication })
          }
          if (message.type === 'failed' && message.id === job.id) {
            resolve({ kind: 'broke', why: 'crash', message: message.message, place: place(progress), exact })
          }
        }
        transport.send(job)
        void watch(watching.signal)
      })
      ended = () => {}
      heard = () => {}
      // A reason, for the one that would be made takes time.
      watching.abort('done')
      transport.hold(false)
      return end
    },
    async stop() {
      gone ??= { why: 'crash', message: 'The worker was stopped.' }
      await answered(transport.end(), stopMs, awake)
    },
  }
}
/** Code of a project that ends or holds up the worker when it is imported. */
const brokeLoading = (message: string, file: string | undefined, dir = '') =>
  file === undefined
    ? new CodedError('WORKER_FAILED', `While loading: ${message}`)
    : new CodedError('MODULE_FAILED', `While it was imported: ${message}`, { place: { file: relative(dir, file) } })

const neverLoaded = `It did not come to an end within ${importMs / 1000} s.`

const coded = ({ code, message, place, hint }: PlainProblem) =>
  new CodedError(code as Code, message, { place, ...(hint !== undefined && { hint }) })

/** The answer, or undefined when there is none in `ms` of the clock `awake`, or the worker is gone. */
async function answered<T>(answer: Promise<T>, ms: number, awake: () => number): Promise<T | undefined> {
  const given = answer.then(
    (value) => ({ value }),
    () => ({ value: undefined }),
  )
  for (const since = awake(); awake() - since < ms; ) {
    const late = new AbortController()
    const first = await Promise.race([given, sleep(lookEvery, late.signal)]).finally(() => late.abort())
    if (first) return first.value
  }
  return undefined
}

const silentMessage = `Its worker did not answer for ${silentMs / 1000} s.`

const timeoutMessage = (first: Sample, now: Sample) =>
  `It did not return after ${Math.round(now.cpu - first.cpu)} ms of processor time (${Math.round(now.at - first.at)} ms on the clock).`

const memoryMessage = ({ memory }: Sample) =>
  `It held ${Object.entries(memory)
    .map(([where, bytes]) => `${megabytes(bytes)} MB ${where}`)
    .join(' and ')}.`

const megabytes = (bytes: number) => Math.round(bytes / 1_048_576)
