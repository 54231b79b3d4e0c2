import { type Backoff, defaultBackoff } from './retry.ts'

/**
 * A circuit breaker: an output that keeps failing is left alone for a growing time, so that a far end in trouble is not
 * hammered and its alerts do not use up their tries. Plain data and a pure step; nothing here knows the time.
 */
export interface Circuit {
  /** Failures in a row, and when the first of them was. */
  readonly failures: number
  readonly since: number
  /** How many of the latest failures in a row named a time to wait. */
  readonly asks: number
  /** How often it paused since the last success. */
  readonly pauses: number
  /** Nothing is sent before (epoch milliseconds); afterwards one alert tries whether the far end is back. */
  readonly pausedUntil: number
}

export const closedCircuit: Circuit = { failures: 0, since: 0, asks: 0, pauses: 0, pausedUntil: 0 }

/** So many failures in a row open it; fewer are enough when nothing has arrived for long. */
const mostFailures = 20
const someFailures = 5
const longMs = 5_000

/**
 * The circuit after one more failure at `now`. A far end that fails by chance is not to be mistaken for one that is down: 20
 * failures in a row open it, or 5 within which 5 seconds passed. Then it pauses for half to all of five times the base of the
 * back-off, and twice as long each time, up to its cap. A far end that names a time (`retryAfterMs`) is left alone that long,
 * for at most five minutes, when it does so twice in a row; the alert itself waits at once.
 */
export function afterFailure(
  circuit: Circuit,
  now: number,
  random: number,
  retryAfterMs = 0,
  { baseMs, capMs }: Backoff = defaultBackoff,
): Circuit {
  const failures = circuit.failures + 1
  const since = circuit.failures === 0 ? now : circuit.since
  const isOpen = failures >= mostFailures || (failures >= someFailures && now - since >= longMs)
  const pause = isOpen ? Math.min(capMs, 5 * baseMs * 2 ** circuit.pauses) * (0.5 + random / 2) : 0
  const asks = retryAfterMs > 0 ? circuit.asks + 1 : 0
  const asked = asks > 1 ? Math.min(retryAfterMs, longestAskedMs) : 0
  const wait = Math.ceil(Math.max(pause, asked))
  return {
    failures,
    since,
    asks,
    pauses: circuit.pauses + (isOpen ? 1 : 0),
    pausedUntil: wait === 0 ? circuit.pausedUntil : Math.max(circuit.pausedUntil, now + wait),
  }
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
