import type { Count, Metric } from '../contracts/index.ts'

/** Adds numbers by metric and labels within one frame. */
export interface Tally {
  add(metric: Metric, labels: Readonly<Record<string, string>>, n?: number): void
  counts(): readonly Count[]
}

export function createTally(): Tally {
  const byKey = new Map<string, { metric: Metric; labels: Readonly<Record<string, string>>; n: number }>()
  return {
    add(metric, labels, n = 1) {
      const key = `${metric}\n${Object.values(labels).join('\n')}`
      const found = byKey.get(key)
      if (found) found.n += n
      else byKey.set(key, { metric, labels, n })
    },
    counts: () => [...byKey.values()],
  }
}
