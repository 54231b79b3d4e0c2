import type { App, Host } from './contracts/index.ts'
import { createDispatcher } from './dispatch/index.ts'
import { createIngest, type FrameLimits } from './ingest/index.ts'

/** Limits on how alerts are merged and delivered. */
export interface AppLimits {
  /** How long a window waits for late records after its end, milliseconds. */
  readonly latenessMs: number
  readonly maxTries: number
  readonly maxAgeMs: number
  /** Of one send, milliseconds. */
  readonly timeoutMs: number
  /** Evaluation jobs that one ingest may have under way. */
  readonly concurrency: number
  /** How bodies are cut. Default: as `createIngest` has it. */
  readonly frames?: FrameLimits
}

/** Puts the engine together. A runtime calls what it answers, and nothing else. */
export function createApp(host: Host, limits: AppLimits): App {
  const { latenessMs, maxTries, maxAgeMs, timeoutMs, concurrency, frames } = limits
  const dispatcher = createDispatcher({
    store: host.store,
    outputs: host.outputs,
    now: host.now,
    random: host.random,
    log: host.log,
    limits: { maxTries, maxAgeMs, timeoutMs },
    ...(host.onCommitted && { onCommitted: (committed) => host.onCommitted!(committed, []) }),
    ...(host.publication && { publication: host.publication }),
    ...(host.onSettled && { onSettled: host.onSettled }),
  })
  return {
    ingest: createIngest(host, { concurrency, ...(frames && { limits: frames }) }),
    dispatch: (signal, { windows = 'due' } = {}) => dispatcher.dispatch(signal, { windows, latenessMs }),
  }
}
