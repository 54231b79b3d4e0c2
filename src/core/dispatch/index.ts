import { dead, type DeliveryLimits } from './attempt.ts'
import type { Committed, Output, Store, Windows } from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import { allDone, batchSize, createLane, type LaneOptions, leaseOf, logDead, type OutputStatus } from './lane.ts'
import { suggest } from '../nearest.ts'

export type { DeliveryLimits } from './attempt.ts'
export { circuitPrefix, type OpenCircuit } from './circuit.ts'
export type { OutputStatus } from './lane.ts'

export interface DispatcherOptions extends LaneOptions {
  readonly store: Pick<Store, 'closeWindows' | 'raiseDigests' | 'claim' | 'settle' | 'due' | 'set' | 'delete'>
  /** Output `kind:name` → output, how many alerts it takes at the same time, and its own limits where it has some. */
  readonly outputs: ReadonlyMap<
    string,
    { readonly output: Output; readonly concurrency: number; readonly limits?: DeliveryLimits }
  >
  /** Told of the updates that closing windows brought forth, and of digests. */
  onCommitted?(committed: Committed): void
}

export interface Dispatcher {
  /**
   * Closes the windows that are due, then sends what is due, each output on its own. Resolves when nothing is due, with
   * the time of the next work (epoch milliseconds). When `signal` aborts, nothing more is taken; what is in flight is
   * waited for.
   *
   * May be called while it is at work: outputs that are still busy are left to the former call, the others start at once.
   * So a slow output delays nobody, as long as the caller does not wait for one call before it makes the next.
   */
  dispatch(signal: AbortSignal, options: DispatchOptions): Promise<{ readonly next?: number }>
  /** By output. */
  status(): ReadonlyMap<string, OutputStatus>
}

export interface DispatchOptions {
  /** Which windows are closed first. Default: those that are due. */
  readonly windows?: Windows
  /** How long after its end a window waits for late records. */
  readonly latenessMs: number
}

const nothing: Committed = { alerts: [], joined: new Map() }

/** When all that is due lies with another dispatcher, look again after this long, milliseconds. */
const patienceMs = 1_000

/** Sends stored alerts to their outputs; see `Dispatcher`. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, outputs, now } = options
  const lanes = new Map(
    [...outputs].map(([name, { output, concurrency, limits = options.limits }]) => [
      name,
      createLane(name, output, concurrency, { ...options, limits }),
    ]),
  )

  async function dispatch(
    signal: AbortSignal,
    { windows = 'due', latenessMs }: DispatchOptions,
  ): Promise<{ readonly next?: number }> {
    const all = windows === 'all'
    const tell = (brought: Committed) => void (brought.alerts.length > 0 && options.onCommitted?.(brought))
    let closed = nothing
    do {
      if (windows !== 'hold') closed = await store.closeWindows({ now: now(), latenessMs, all })
      tell(closed)
    } while (closed.more && !signal.aborted)
    // The windows of rate limits are of our time: what lies ahead in history is not of them.
    const digests = await store.raiseDigests({ now: now(), all })
    tell(digests)
    const later = [closed.nextClose, digests.nextClose].filter((at) => at !== undefined)
    for (;;) {
      const due = (await store.due()).filter(({ output }) => !lanes.get(output)?.busy())
      const at = now()
      const waiting = due.map((one) => ({
        output: one.output,
        at: Math.max(one.at, lanes.get(one.output)?.pausedUntil() ?? 0),
      }))
      const times = [...waiting.map((one) => one.at), ...later]
      const next = times.length === 0 ? {} : { next: Math.min(...times) }
      const ready = waiting.filter((one) => one.at <= at)
      if (ready.length === 0 || signal.aborted) return next
      const taken = await allDone(ready.map(({ output }) => lanes.get(output)?.work(signal) ?? buryUnknown(output)))
      if (taken.every((count) => count === 0)) return { next: now() + patienceMs }
    }
  }

  /** Alerts to an output that is no longer configured wait for a person. */
  async function buryUnknown(output: string): Promise<number> {
    const hint = suggest(output, [...outputs.keys()])
    const error = new CodedError('CONFIG_UNKNOWN_NAME', `No output "${output}" is configured. ${hint}`)
    const claims = await store.claim({ output, now: now(), limit: batchSize, leaseMs: leaseOf(options.limits) })
    const settlements = claims.map(({ alert, lease }) => dead({ alert: alert.id, output, lease }, error))
    await store.settle(settlements, now())
    for (const settlement of settlements) {
      logDead(options.log, output, settlement.alert, settlement.error ?? '')
      options.onSettled?.(settlement)
    }
    return claims.length
  }

  return {
    dispatch,
    status: () => new Map([...lanes].map(([name, lane]) => [name, lane.status()])),
  }
}
