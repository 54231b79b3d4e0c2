import type { Progress } from './progress.ts'
import type { Job, WorkerMessage } from './protocol.ts'
import type { StepLimits, Usage } from './watchdog.ts'

export interface WorkerOptions {
  /** Starts what the worker runs in. */
  readonly start: StartTransport
  readonly limits: StepLimits
  /** Folder of the project: files in problems are told from there on. */
  readonly dir?: string
  /** A promise or a timer that a rule left behind failed. */
  onStray(message: string): void
  /** A clock, milliseconds. Default: that of the machine. */
  clock?(): number
}

/** The thread or the process of a worker: all in which the two differ. */
export interface Transport {
  /** Where the worker stands, as far as it is known here. */
  readonly progress: Progress
  /** True when `progress` is never behind. Else it is some milliseconds behind, save in jobs that are `traced`. */
  readonly exact: boolean
  send(job: Job): void
  /** What the worker uses now. Rejects, or never answers, when it is gone. */
  usage(): Promise<Usage>
  /** Whether the worker keeps this process running. */
  hold(holds: boolean): void
  /** Ends the worker, whatever it does; resolves when it is gone. */
  end(): Promise<void>
}

/** What the handle wants to hear of. */
export interface TransportEvents {
  message(message: WorkerMessage): void
  /** The worker ended; called once or more. */
  gone(why: 'memory' | 'crash', message: string): void
}

export type StartTransport = (events: TransportEvents) => Transport
