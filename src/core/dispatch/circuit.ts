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
const shortestPauseMs = 5_000
const longestPauseMs = 300_000

/**
 * The circuit after one more failure at `now`. From the fifth in a row on it pauses: for 2.5 to 5 seconds at first, then
 * twice as long each time, up to 5 minutes. A far end that names a time (`retryAfterMs`) is left alone that long at once.
 */
export function afterFailure(circuit: Circuit, now: number, random: number, retryAfterMs = 0): Circuit {
  const failures = circuit.failures + 1
  const pause =
    failures < tolerated
      ? 0
      : Math.min(longestPauseMs, shortestPauseMs * 2 ** (failures - tolerated)) * (0.5 + random / 2)
  const wait = Math.ceil(Math.max(pause, Math.min(retryAfterMs, longestPauseMs)))
  return { failures, pausedUntil: wait === 0 ? circuit.pausedUntil : Math.max(circuit.pausedUntil, now + wait) }
}
