import type { Settlement, Store } from '../contracts/index.ts'

/** Stores settlements; resolves when this one is durable. */
export type Settle = (settlement: Settlement) => Promise<void>

/**
 * What ends in the same turn of the event loop is stored in one transaction, which a fast output feels. It costs no safety: whoever
 * sends waits for its own settlement before it takes the next alert, so that after a crash no more is repeated than was in flight.
 */
export function createSettler(store: Pick<Store, 'settle'>, now: () => number): Settle {
  let gathered: Settlement[] = []
  let flushing: Promise<void> | undefined

  async function flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    const together = gathered
    gathered = []
    flushing = undefined
    await store.settle(together, now())
  }

  return (settlement) => {
    gathered.push(settlement)
    return (flushing ??= flush())
  }
}
