import type { App, LogLine, Windows } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'

/** Calls `app.dispatch` whenever there may be something to send. */
export interface DispatchLoop {
  /** New alerts are there. */
  wake(): void
  /** True while nothing is being sent and nothing new waits to be. */
  idle(): boolean
  /** Takes up nothing more; resolves when what is in flight is settled. */
  stop(): Promise<void>
}

export interface DispatchLoopOptions {
  now(): number
  log(line: LogLine): void
  /** Asked before each dispatch. */
  windows(): Windows
}

/** Longest wait without looking, milliseconds. */
const longestWait = 5_000
/** After a look the next one waits for so long: alerts of the time between travel together. Milliseconds. */
const gather = 2

/**
 * A call is not waited for before the next one is made: an output that is slow to answer would else hold up the alerts
 * of all others.
 */
export function startDispatchLoop(app: App, { now, log, windows }: DispatchLoopOptions): DispatchLoop {
  const ending = new AbortController()
  const underWay = new Set<Promise<void>>()
  let lookedAt = 0
  let timer: { readonly at: number; cancel(): void } | undefined

  function schedule(at: number): void {
    if (ending.signal.aborted || (timer && timer.at <= at)) return
    timer?.cancel()
    timer = { at, cancel: later(step, at - now()) }
  }

  function step(): void {
    timer = undefined
    lookedAt = now()
    const call = send().finally(() => underWay.delete(call))
    underWay.add(call)
  }

  async function send(): Promise<void> {
    try {
      const { next } = await app.dispatch(ending.signal, { windows: windows() })
      schedule(Math.min(Math.max(next ?? Number.POSITIVE_INFINITY, now() + gather), now() + longestWait))
    } catch (error) {
      log({ level: 'error', code: 'STORE_FAILED', message: `Sending alerts: ${messageOf(error)}` })
      schedule(now() + 5000)
    }
  }

  step()
  return {
    wake: () => schedule(Math.max(now(), lookedAt + gather)),
    idle: () => underWay.size === 0 && (timer === undefined || timer.at > now() + gather * 2),
    async stop() {
      ending.abort()
      timer?.cancel()
      await Promise.all(underWay)
    },
  }
}

/** Does the work after `ms` milliseconds. What is due is done at once: the shortest timer takes a millisecond. Answers what calls it off. */
function later(work: () => void, ms: number): () => void {
  if (ms <= 0) {
    const soon = setImmediate(work)
    return () => clearImmediate(soon)
  }
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}
