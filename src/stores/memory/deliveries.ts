import type { Alert, Claim, DeliveryState, Settlement, StoredAlert } from '../../core/contracts/index.ts'

/** One alert to one output. */
interface Delivery {
  readonly alert: Alert
  readonly output: string
  state: DeliveryState
  /** When it may be claimed: for the first time, for another try, or as its lease ends. */
  due: number
  attempts: number
  stored: number
  settled?: number
  error?: string
}

/** Deliveries in order of creation; see `AlertStore` for what each function does. */
export function createDeliveries() {
  const all = new Map<string, Delivery>()
  const key = (alert: string, output: string) => `${alert} ${output}`
  const pending = () => [...all.values()].filter((delivery) => delivery.state === 'pending')

  const settleOne = ({ alert, output, state, retryAt, error }: Settlement, now: number): void => {
    const delivery = all.get(key(alert, output))
    if (!delivery || delivery.state === 'sent') return
    if (state === 'pending' && error === undefined) {
      if (delivery.state === 'dead') Object.assign(delivery, { attempts: 0, stored: now })
    } else {
      if (state === 'pending' && delivery.state === 'dead') return
      delivery.attempts++
      delivery.settled = now
      if (error === undefined) delete delivery.error
      else delivery.error = error
    }
    delivery.state = state
    if (state === 'pending') delivery.due = retryAt ?? now
  }

  return {
    add(alert: Alert, now: number): void {
      for (const output of new Set(alert.outputs)) {
        all.set(key(alert.id, output), { alert, output, state: 'pending', due: now, attempts: 0, stored: now })
      }
    },
    claim({ output, now, limit, leaseMs }: { output: string; now: number; limit: number; leaseMs: number }): Claim[] {
      const ready = pending()
        .filter((delivery) => delivery.output === output && delivery.due <= now)
        .sort((one, other) => one.due - other.due)
      const byRule = [...Map.groupBy(ready, (delivery) => delivery.alert.rule).values()]
      const claimed: Claim[] = []
      for (let turn = 0; claimed.length < limit && turn < ready.length; turn++) {
        for (const queue of byRule) {
          const delivery = queue[turn]
          if (!delivery || claimed.length >= limit) continue
          delivery.due = now + leaseMs
          const { alert, attempts, stored } = delivery
          claimed.push({ alert, output, attempts, storedAt: stored })
        }
      }
      return claimed
    },
    settle(settlements: readonly Settlement[], now: number): void {
      for (const settlement of settlements) settleOne(settlement, now)
    },
    due: () =>
      [...Map.groupBy(pending(), (delivery) => delivery.output)].map(([output, waiting]) => ({
        output,
        count: waiting.length,
        at: Math.min(...waiting.map((delivery) => delivery.due)),
      })),
    of: (alert: Alert): StoredAlert['deliveries'] =>
      [...new Set(alert.outputs)].toSorted().flatMap((output) => {
        const delivery = all.get(key(alert.id, output))
        if (!delivery) return []
        const { state, attempts, error, settled } = delivery
        return [
          {
            output,
            state,
            attempts,
            ...(error !== undefined && { error }),
            ...(settled !== undefined && { at: settled }),
          },
        ]
      }),
    overview: () =>
      [...Map.groupBy(all.values(), ({ output, state }) => `${output} ${state}`)]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([, group]) => {
          const { output, state } = group[0]!
          const latest = group.toSorted((one, other) => (other.settled ?? 0) - (one.settled ?? 0))[0]!
          return { output, state, count: group.length, ...(latest.error !== undefined && { error: latest.error }) }
        }),
    count: () => all.size,
    isPending: (alert: Alert) => alert.outputs.some((output) => all.get(key(alert.id, output))?.state === 'pending'),
    remove(alert: Alert): void {
      for (const output of alert.outputs) all.delete(key(alert.id, output))
    },
  }
}
