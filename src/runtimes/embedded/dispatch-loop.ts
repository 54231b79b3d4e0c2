import type { App, LogLine } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'
import { sleep } from './sleep.ts'

/** Calls `app.dispatch` whenever there may be something to send. */
export interface DispatchLoop {
  /** New alerts are there. */
  wake(): void
  /** True while nothing is being sent and nothing waits to be. */
  idle(): boolean
  readonly ended: Promise<void>
}

/** Longest wait without looking, milliseconds. */
const longestWait = 60_000

export function startDispatchLoop(app: App, signal: AbortSignal, now: () => number, log: (line: LogLine) => void): DispatchLoop {
  let waking = new AbortController()
  let asleep = false

  async function run(): Promise<void> {
    while (!signal.aborted) {
      waking = new AbortController()
      asleep = false
      let next: number | undefined
      try {
        next = (await app.dispatch(signal)).next
      } catch (error) {
        log({ level: 'error', code: 'STORE_FAILED', message: `Sending alerts: ${messageOf(error)}` })
        next = now() + 5000
      }
      asleep = !waking.signal.aborted
      const wait = next === undefined ? longestWait : Math.min(Math.max(next - now(), 5), longestWait)
      await sleep(wait, AbortSignal.any([signal, waking.signal]))
    }
    asleep = true
  }

  return { wake: () => waking.abort(), idle: () => asleep, ended: run() }
}
