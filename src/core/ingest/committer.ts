import type { Committed, FrameResult, StateEntry, Store } from '../contracts/index.ts'

/** Joins what becomes ready while the store is busy into one transaction. */
export interface Committer {
  /** Resolves when the results and the state entries are durable. */
  add(results: readonly FrameResult[], state: readonly StateEntry[]): Promise<void>
}

interface Waiting {
  readonly results: readonly FrameResult[]
  readonly state: readonly StateEntry[]
  resolve(): void
  reject(error: unknown): void
}

export function createCommitter(
  store: Store,
  now: () => number,
  onCommitted: (committed: Committed, results: readonly FrameResult[]) => void,
): Committer {
  let waiting: Waiting[] = []
  let busy = false

  async function flush(): Promise<void> {
    busy = true
    while (waiting.length > 0) {
      // Workers get their next jobs before the store holds up this thread.
      await new Promise((resolve) => setImmediate(resolve))
      const batch = waiting
      waiting = []
      try {
        const results = batch.flatMap((one) => one.results)
        const state = batch.flatMap((one) => one.state)
        const committed = await store.commit({ results, state, now: now() })
        for (const one of batch) one.resolve()
        onCommitted(committed, results)
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
    }
    busy = false
  }

  return {
    add: (results, state) =>
      new Promise((resolve, reject) => {
        waiting.push({ results, state, resolve, reject })
        if (!busy) void flush()
      }),
  }
}
