import type { StepLimits } from '../workers/watchdog.ts'
import { packageModule } from '../../project/resolve.ts'
import { threadEntry } from '../../project/thread-entry.ts'
import { inThread } from '../workers/thread.ts'
import type { WorkerOptions } from '../workers/transport.ts'
import { inProcess } from './process.ts'
import type { WorkerInput } from './worker-input.ts'

/** A thread of this process, or a process of its own under Node's permission model. */
export type Isolation = 'thread' | 'process'

export interface ProjectWorker extends WorkerInput {
  /** What a worker runs in. */
  readonly isolation: Isolation
  readonly limits: StepLimits
  /** Text that rules print. */
  onOutput(text: string): void
  /** A promise or a timer that a rule left behind failed. */
  onStray(message: string): void
}

/** Workers that load the code of a project folder. */
export function projectWorker(options: ProjectWorker): WorkerOptions {
  const { isolation, limits, code, maxBodyBytes, onOutput, onStray } = options
  const { memoryBytes } = limits
  const input = { code, maxBodyBytes }
  const start =
    isolation === 'process'
      ? inProcess({ module: packageModule('src/runtimes/embedded/evaluation-process'), input, memoryBytes, onOutput })
      : inThread({ ...threadEntry('src/runtimes/embedded/worker'), data: input, memoryBytes, onOutput })
  return { start, limits, dir: code.dir, onStray }
}
