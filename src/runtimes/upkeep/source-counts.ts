import type { SourceCount } from '../../core/component.ts'
import type { Count, Store } from '../../core/contracts/index.ts'

/** Sums what sources count of what they do not hand on, until it is stored. */
export interface SourceCounts {
  add(source: string, what: SourceCount, n: number): void
  /** Stores what was added since the last time. */
  flush(): Promise<void>
}

export function createSourceCounts(store: Pick<Store, 'commit'>, now: () => number): SourceCounts {
  let sums = new Map<string, Count>()
  return {
    add(source, what, n) {
      const key = `${what} ${source}`
      sums.set(key, { metric: what, labels: { source }, n: n + (sums.get(key)?.n ?? 0) })
    },
    async flush() {
      if (sums.size === 0) return
      const counts = [...sums.values()]
      sums = new Map()
      await store.commit({
        results: [{ hits: [], quarantine: [], counts, bytes: 0, records: 0 }],
        state: [],
        now: now(),
      })
    },
  }
}
