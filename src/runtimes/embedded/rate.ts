/** How many things happen a second, over the last minute. */
export interface Rate {
  add(n: number, now: number): void
  perSecond(now: number): number
}

const windowMs = 60_000
const partMs = 5_000

/** What happened before the last minute is forgotten, five seconds at a time. `startedAt`: before that nothing was counted. */
export function createRate(startedAt: number): Rate {
  /** The part's number → how many. */
  const parts = new Map<number, number>()
  return {
    add(n, now) {
      const part = Math.floor(now / partMs)
      parts.set(part, n + (parts.get(part) ?? 0))
    },
    perSecond(now) {
      const first = Math.floor(now / partMs) - windowMs / partMs + 1
      let sum = 0
      for (const [part, n] of parts) {
        if (part < first) parts.delete(part)
        else sum += n
      }
      const seconds = (now - Math.max(first * partMs, startedAt)) / 1000
      return sum / Math.max(seconds, 1)
    },
  }
}
