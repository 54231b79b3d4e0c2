import { Worker } from 'node:worker_threads'
import { giveThreadsRoom } from '../../project/v8-flags.ts'
import { createProgress, type Progress } from './progress.ts'
import { createSharedBytes } from './shared-bytes.ts'
import type { WorkerMessage } from './protocol.ts'
import type { StartTransport } from './transport.ts'

/**
 * A heap that V8 itself finds full may end the whole process: it grants a full heap 16 MB more to come to an end, and one
 * large array wants up to 1 GB. So the limit is kept by the watchdog, and V8's own lies far above it. MB.
 */
const heapMargin = 3_072

export interface ThreadOptions {
  /** The module that the thread starts with, */
  readonly entry: URL
  /** and its arguments. */
  readonly argv?: string[]
  /** Plain data that it finds as `workerData`. */
  readonly data: object
  /** What the watchdog lets it have, bytes. */
  readonly memoryBytes: number
  /** Text that rules print. */
  onOutput(text: string): void
}

/** What a thread gets besides its data: the memory it shares with the one that watches it. */
export interface ThreadShare {
  readonly progress: Progress
}

/** Room for young objects, MB: three spaces of 8. Hardly any outlives a batch, so that more of it is memory and no speed. */
const youngMb = 24

/** A worker that is a thread with an empty environment. It writes where it stands into memory that this thread sees. */
export const inThread =
  ({ entry, argv = [], data, memoryBytes, onOutput }: ThreadOptions): StartTransport =>
  ({ message, gone }) => {
    giveThreadsRoom()
    const progress = createProgress()
    const share = createSharedBytes()
    const worker = new Worker(entry, {
      argv,
      workerData: { ...data, progress } satisfies ThreadShare,
      env: {},
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.round(memoryBytes / 1_048_576) + heapMargin,
        maxYoungGenerationSizeMb: youngMb,
      },
    })
    for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', onOutput)
    worker.on('message', (heard: WorkerMessage) => message(heard))
    worker.on('error', (error: NodeJS.ErrnoException) => {
      gone(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash', error.message)
    })
    worker.on('exit', (code) => gone('crash', `The worker ended with exit code ${code}.`))
    return {
      progress,
      exact: true,
      send: (job) => worker.postMessage({ ...job, frames: share(job.frames) }),
      async usage() {
        const [cpu, heap] = await Promise.all([worker.cpuUsage(), worker.getHeapStatistics()])
        return {
          cpu: (cpu.user + cpu.system) / 1000,
          memory: { 'in the heap': heap.used_heap_size, 'outside it': heap.external_memory },
        }
      },
      hold: (holds) => (holds ? worker.ref() : worker.unref()),
      end: async () => void (await worker.terminate()),
    }
  }
