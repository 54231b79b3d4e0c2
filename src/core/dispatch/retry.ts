/** Bounds of the wait between two tries, milliseconds. */
export interface Backoff {
  readonly baseMs: number
  readonly capMs: number
}

export const defaultBackoff: Backoff = { baseMs: 1_000, capMs: 300_000 }

/**
 * How long to wait before the next try, in milliseconds: exponential with full jitter, so that many failures at once
 * do not come back at once (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
 * `failures`: tries that failed so far, 1 or more. `random`: 0 ≤ x < 1. `retryAfterMs`: what the far end asked for;
 * it is waited out whole, for at most a day.
 */
export function retryDelay(failures: number, random: number, retryAfterMs = 0, backoff = defaultBackoff): number {
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.max(0, failures - 1))
  return Math.max(Math.ceil(ceiling * random), Math.min(retryAfterMs, dayMs))
}

const dayMs = 86_400_000
