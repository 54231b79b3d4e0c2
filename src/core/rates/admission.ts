/** How much an output is told singly; the arithmetic of rate limits, without a store. */
import type { RateLimit, RateLimits, Store } from '../contracts/index.ts'

/** Alerts that an output was told singly within a window. */
export interface Told {
  readonly byRule: number
  readonly inAll: number
}

/** True while one more alert may be told singly. */
export const isWithin = (limit: RateLimit, told: Told): boolean =>
  told.byRule < limit.perRule && told.inAll < limit.perOutput

/** The window that a time falls into, epoch milliseconds; `until` belongs to the next. */
export function rateWindow({ windowMs }: RateLimit, time: number): { readonly from: number; readonly until: number } {
  const from = Math.floor(time / windowMs) * windowMs
  return { from, until: from + windowMs }
}

/** The same store, whose alerts keep to the limits. */
export const withRates = (store: Store, rates: RateLimits): Store => ({
  ...store,
  commit: (commit) => store.commit({ ...commit, rates }),
  closeWindows: (options) => store.closeWindows({ ...options, rates }),
})
