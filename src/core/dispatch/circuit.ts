import { type Backoff, defaultBackoff } from './retry.ts'

/**
 * A circuit breaker: an output that keeps failing is left alone for a growing time, so that a far end in trouble is not
 * hammered and its alerts do not use up their tries. Plain data and a pure step; nothing here knows the time.
 */
export interface Circuit {
  /** Failures in a row. */
  readonly failures: number
  /** Nothing is sent before (epoch milliseconds); afterwards one alert tries whether the far end is back. */
  readonly pausedUntil: number
}

export const closedCircuit: Circuit = { failures: 0, pausedUntil: 0 }

const tolerated = 5

/**
 * The circuit after one more failure at `now`. From the fifth in a row on it pauses: for half to all of five times the base
 * of the back-off, then twice as long each time, up to its cap. A far end that names a time (`retryAfterMs`) is left alone
 * that long at once, for at most five minutes.
 */
export function afterFailure(
  circuit: Circuit,
  now: number,
  random: number,
  retryAfterMs = 0,
  { baseMs, capMs }: Backoff = defaultBackoff,
): Circuit {
  const failures = circuit.failures + 1
  const pause =
    failures < tolerated ? 0 : Math.min(capMs, tolerated * baseMs * 2 ** (failures - tolerated)) * (0.5 + random / 2)
  const wait = Math.ceil(Math.max(pause, Math.min(retryAfterMs, longestAskedMs)))
  return { failures, pausedUntil: wait === 0 ? circuit.pausedUntil : Math.max(circuit.pausedUntil, now + wait) }
}

const longestAskedMs = 300_000

/** An open circuit as it is kept in the state, for `status`: by output. */
export interface OpenCircuit {
  /** Epoch milliseconds. */
  readonly until: number
  readonly failures: number
  readonly error: string
}

export const circuitPrefix = 'circuit:'
