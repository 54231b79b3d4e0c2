import type { Progress } from './progress.ts'
import type { CodeInput, Job, WorkerInput, WorkerMessage } from './protocol.ts'
import type { StepLimits, Usage } from './watchdog.ts'

export interface WorkerOptions {
  /** What a worker runs in. */
  readonly isolation: Isolation
  readonly code: CodeInput
  readonly limits: StepLimits
  readonly maxBodyBytes: number
  /** Text that rules print. */
  onOutput(text: string): void
  /** A promise or a timer that a rule left behind failed. */
  onStray(message: string): void
}

/** A thread of this process, or a process of its own under Node's permission model. */
export type Isolation = 'thread' | 'process'

/** What a worker is told when it starts: of its options those that are data. */
export const inputOf = ({ code, maxBodyBytes }: WorkerOptions): WorkerInput => ({ code, maxBodyBytes })

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

export type StartTransport = (options: WorkerOptions, events: TransportEvents) => Transport

/** URL of a module beside this one: `.ts` in the clone, `.js` in the published package. */
export const moduleBeside = (name: string): URL =>
  new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
