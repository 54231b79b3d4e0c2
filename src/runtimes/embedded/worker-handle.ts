import { Worker } from 'node:worker_threads'
import type { FrameResult } from '../../core/contracts/index.ts'
import { CodedError, type Code, Problems } from '../../core/errors.ts'
import { beat, createProgress, type Place, place } from './progress.ts'
import type { CodeInput, Job, LoadedCode, PlainProblem, WorkerInput, WorkerMessage } from './protocol.ts'
import { overstepped, type Sample, type StepLimits } from './watchdog.ts'

export interface WorkerOptions {
  readonly code: CodeInput
  readonly limits: StepLimits
  readonly maxBodyBytes: number
  /** Text that rules print. */
  onOutput(text: string): void
  /** A promise or a timer that a rule left behind failed. */
  onStray(message: string): void
}

/** How a job ended. `broke`: the worker is gone; `place` says where it stood. */
export type JobEnd =
  | { readonly kind: 'done'; readonly results: readonly FrameResult[] }
  | {
      readonly kind: 'broke'
      readonly why: 'timeout' | 'memory' | 'crash'
      readonly message: string
      readonly place: Place
    }

/** One worker thread. Runs a job at a time. */
export interface WorkerHandle {
  readonly loaded: LoadedCode
  /** False once the thread is gone. */
  alive(): boolean
  run(job: Job): Promise<JobEnd>
  stop(): Promise<void>
}

/**
 * A heap that V8 itself finds full may end the whole process: it grants a full heap 16 MB more to come to an end, and one
 * large array wants up to 1 GB. So the limit is kept by the watchdog, and V8's own lies far above it. MB.
 */
const heapMargin = 3_072

/** A worker that does not answer for so long, and makes no step meanwhile, hangs inside V8. Milliseconds. */
const silentMs = 10_000
/** How long stopping a worker is waited for, milliseconds. */
const stopMs = 5_000

/** How often a busy worker is looked at, milliseconds. */
const lookEvery = 50

/** Starts a thread that has loaded the project's code. Throws Problems when that code is broken. */
export async function startWorker(options: WorkerOptions): Promise<WorkerHandle> {
  const progress = createProgress()
  const worker = new Worker(new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url), {
    workerData: {
      code: options.code,
      progress,
      maxBodyBytes: options.maxBodyBytes,
    } satisfies WorkerInput,
    env: {},
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: Math.round(options.limits.memoryBytes / 1_048_576) + heapMargin },
  })
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', options.onOutput)

  let gone: { why: 'memory' | 'crash'; message: string } | undefined
  let ended: (end: JobEnd) => void = () => {}
  const fail = (why: 'memory' | 'crash', message: string) => {
    gone ??= { why, message }
    ended({ kind: 'broke', ...gone, place: place(progress) })
  }
  worker.on('error', (error: Error & { code?: string }) => {
    fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash', error.message)
  })
  worker.on('exit', (code) => fail('crash', `The worker ended with exit code ${code}.`))

  const loaded = await ready(worker)
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'stray') options.onStray(message.message)
  })
  worker.unref()

  async function look(): Promise<Sample> {
    const at = performance.now()
    const [cpu, heap] = await Promise.all([worker.cpuUsage(), worker.getHeapStatistics()])
    return {
      beat: beat(progress),
      at,
      cpu: (cpu.user + cpu.system) / 1000,
      heapBytes: heap.used_heap_size,
      externalBytes: heap.external_memory,
    }
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
      const sample = await answered(look(), silentMs)
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
    ended({ kind: 'broke', why, message, place: where })
    void worker.terminate()
  }

  return {
    loaded,
    alive: () => gone === undefined,
    async run(job) {
      if (gone) return { kind: 'broke', ...gone, place: place(progress) }
      const watching = new AbortController()
      worker.ref()
      const end = await new Promise<JobEnd>((resolve) => {
        const settle = (end: JobEnd) => {
          worker.off('message', onMessage)
          resolve(end)
        }
        const onMessage = (message: WorkerMessage) => {
          if (message.type === 'done' && message.id === job.id) settle({ kind: 'done', results: message.results })
          if (message.type === 'failed' && message.id === job.id) {
            settle({ kind: 'broke', why: 'crash', message: message.message, place: place(progress) })
          }
        }
        ended = settle
        worker.on('message', onMessage)
        worker.postMessage(job)
        void watch(watching.signal)
      })
      ended = () => {}
      watching.abort()
      worker.unref()
      return end
    },
    async stop() {
      gone ??= { why: 'crash', message: 'The worker was stopped.' }
      await Promise.race([worker.terminate(), sleep(stopMs, new AbortController().signal)])
    },
  }
}

function ready(worker: Worker): Promise<LoadedCode> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: WorkerMessage) => {
      if (message.type === 'ready') return resolve(message)
      reject(new Problems(message.type === 'broken' ? message.problems.map(coded) : []))
      void worker.terminate()
    })
    worker.once('error', (error) => reject(new CodedError('WORKER_FAILED', error.message, { cause: error })))
    worker.once('exit', (code) =>
      reject(new CodedError('WORKER_FAILED', `A worker ended with exit code ${code} while loading.`)),
    )
  })
}

const coded = ({ code, message, place, hint }: PlainProblem) =>
  new CodedError(code as Code, message, { place, ...(hint !== undefined && { hint }) })

/** The answer, or undefined when there is none in time or the worker is gone. */
function answered<T>(answer: Promise<T>, ms: number): Promise<T | undefined> {
  const late = new AbortController()
  const ignore = () => undefined
  return Promise.race([answer.catch(ignore), sleep(ms, late.signal).then(ignore)]).finally(() => late.abort())
}

const silentMessage = `Its worker did not answer for ${silentMs / 1000} s.`

const timeoutMessage = (first: Sample, now: Sample) =>
  `It did not return after ${Math.round(now.cpu - first.cpu)} ms of processor time (${Math.round(now.at - first.at)} ms on the clock).`

const memoryMessage = (now: Sample) =>
  `It held ${megabytes(now.heapBytes)} MB in the heap and ${megabytes(now.externalBytes)} MB outside it.`

const megabytes = (bytes: number) => Math.round(bytes / 1_048_576)

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
