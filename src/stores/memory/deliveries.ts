import type {
  Alert,
  Claim,
  DeadDelivery,
  DeadQuery,
  DeliveryState,
  Settlement,
  StoredAlert,
} from '../../core/contracts/index.ts'

/** One alert to one output. */
interface Delivery {
  readonly alert: Alert
  readonly output: string
  state: DeliveryState
  /** When it may be claimed: for the first time, for another try, or as its lease ends. Digested: when its digest is due. */
  due: number
  attempts: number
  /** When the alert was stored, and from when on its age counts. */
  readonly created: number
  stored: number
  settled?: number
  error?: string
  receipt?: string
  /** The delivery that must have ended before. */
  after?: Delivery
}

/** Deliveries in order of creation; see `AlertStore` for what each function does. */
export function createDeliveries() {
  const all = new Map<string, Delivery>()
  const key = (alert: string, output: string) => `${alert} ${output}`
  const inState = (state: DeliveryState) => [...all.values()].filter((delivery) => delivery.state === state)
  const pending = () => inState('pending')
  /** Output and rule → the turn in which it was served last. */
  const served = new Map<string, number>()
  let turns = 0

  /** Deliveries of an alert and its updates to an output. */
  const chain = (id: string, output: string) =>
    [...all.values()].filter(
      (delivery) => delivery.output === output && (delivery.alert.id === id || delivery.alert.updates === id),
    )

  const insert = (alert: Alert, output: string, now: number, way: Pick<Delivery, 'state' | 'due' | 'after'>): void => {
    all.set(key(alert.id, output), { alert, output, attempts: 0, created: now, stored: now, ...way })
  }

  const follow = (alert: Alert, earlier: Delivery, now: number): void => {
    const { output } = earlier
    const after = chain(earlier.alert.id, output).findLast(({ state }) => state === 'pending')
    if (earlier.state === 'digested') insert(alert, output, now, { state: 'digested', due: earlier.due })
    else insert(alert, output, now, { state: 'pending', ...(after ? { due: Infinity, after } : { due: now }) })
  }

  const release = (ended: Delivery, now: number): void => {
    for (const delivery of all.values()) {
      if (delivery.after !== ended) continue
      delete delivery.after
      Object.assign(delivery, { due: now, stored: now })
    }
  }

  const settleOne = ({ alert, output, state, retryAt, error, receipt, lease }: Settlement, now: number): void => {
    const delivery = all.get(key(alert, output))
    if (!delivery || delivery.state === 'sent' || delivery.state === 'digested') return
    const held = delivery.state === 'pending' && delivery.due === lease
    if (state !== 'sent' && lease !== undefined && !held) return
    if (state === 'pending' && error === undefined) {
      if (delivery.state === 'dead') Object.assign(delivery, { attempts: 0, stored: now })
    } else {
      if (state === 'pending' && delivery.state === 'dead') return
      delivery.attempts++
      delivery.settled = now
      if (error === undefined) delete delivery.error
      else delivery.error = error
      if (receipt !== undefined) delivery.receipt = receipt
    }
    delivery.state = state
    if (state === 'pending') delivery.due = retryAt ?? now
    else release(delivery, now)
  }

  return {
    /** `admit`: the end of the window whose digest is to tell an alert; undefined: it is told singly. */
    add(alert: Alert, now: number, admit: (output: string) => number | undefined): void {
      for (const output of new Set(alert.outputs)) {
        const earlier = alert.updates === undefined ? undefined : all.get(key(alert.updates, output))
        if (earlier) follow(alert, earlier, now)
        else {
          const digest = admit(output)
          insert(
            alert,
            output,
            now,
            digest === undefined ? { state: 'pending', due: now } : { state: 'digested', due: digest },
          )
        }
      }
    },
    claim({ output, now, limit, leaseMs }: { output: string; now: number; limit: number; leaseMs: number }): Claim[] {
      const ready = pending()
        .filter((delivery) => delivery.output === output && delivery.due <= now)
        .sort((one, other) => one.due - other.due)
      const turn = (queue: readonly Delivery[]) => served.get(key(queue[0]!.alert.rule, output)) ?? 0
      const byRule = [...Map.groupBy(ready, (delivery) => delivery.alert.rule).values()].sort(
        (one, other) => turn(one) - turn(other),
      )
      const claimed: Claim[] = []
      for (let round = 0; claimed.length < limit && round < ready.length; round++) {
        for (const queue of byRule) {
          const delivery = queue[round]
          if (!delivery || claimed.length >= limit) continue
          delivery.due = now + leaseMs
          const { alert, attempts, stored } = delivery
          served.set(key(alert.rule, output), ++turns)
          const earlier = (alert.updates === undefined ? [] : chain(alert.updates, output)).find(
            ({ receipt }) => receipt !== undefined,
          )?.receipt
          claimed.push({
            alert,
            output,
            attempts,
            lease: delivery.due,
            storedAt: stored,
            ...(earlier !== undefined && { earlier }),
          })
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
        const { state, attempts, error, settled, receipt } = delivery
        return [
          {
            output,
            state,
            attempts,
            ...(error !== undefined && { error }),
            ...(settled !== undefined && { at: settled }),
            ...(receipt !== undefined && { receipt }),
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
    dead: (query: DeadQuery): DeadDelivery[] =>
      inState('dead')
        .filter(
          ({ alert, output, settled = 0 }) =>
            (query.output === undefined || output === query.output) &&
            (query.rule === undefined || alert.rule === query.rule) &&
            (query.alert === undefined || alert.id === query.alert) &&
            (query.before === undefined || settled < query.before),
        )
        .toSorted((one, other) => other.settled! - one.settled!)
        .slice(query.skip ?? 0, (query.skip ?? 0) + query.limit)
        .map(({ alert, output, attempts, error = '', created, settled }) => {
          return { alert, output, attempts, error, storedAt: created, at: settled! }
        }),
    /** Alerts that a digest stands for, the oldest first. */
    digested: (output: string, until: number): Alert[] =>
      inState('digested')
        .filter((delivery) => delivery.output === output && delivery.due === until)
        .map(({ alert }) => alert),
    count: () => all.size,
    isPending: (alert: Alert) => alert.outputs.some((output) => all.get(key(alert.id, output))?.state === 'pending'),
    remove(alert: Alert): void {
      for (const output of alert.outputs) all.delete(key(alert.id, output))
    },
  }
}
