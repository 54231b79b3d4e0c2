import type {
  Alert,
  AlertStore,
  DeadDelivery,
  DeadQuery,
  DeliveryState,
  StoredAlert,
} from '../../core/contracts/index.ts'
import { shownAlert } from './bodies.ts'
import type { Db } from './db.ts'
import { alertKey, deadLane, deliveryKey, laneOf, lanes, rootKey, timeOfDue } from './layout.ts'
import { listOf, type Item, keyOf, sideBySide, textOf } from './table.ts'
import { readChain } from './enqueue.ts'

/** What may have deliveries: an output, and the rule whose alerts they are. */
export interface Lane {
  readonly output: string
  readonly rule: string
  /** The turn in which it was served last. */
  readonly served: number
  /** When something was put into it last, epoch milliseconds. */
  readonly touched: number
  readonly item: Item
}

/** The lanes of an output, or of all. */
export async function readLanes(db: Db, output?: string): Promise<Lane[]> {
  const prefix = output === undefined ? {} : { prefix: `${output}#` }
  const items = await listOf(db.table.query({ pk: lanes, ...prefix }))
  return items.map((item) => {
    const { output: name, rule, served = 0, touched = 0 } = item
    return { output: String(name), rule: String(rule), served: Number(served), touched: Number(touched), item }
  })
}

/** Waiting deliveries of one lane are counted up to here. */
const mostCounted = 10_000

/** See `AlertStore.due`. */
export async function due(db: Db): ReturnType<AlertStore['due']> {
  const found = await sideBySide(await readLanes(db), async ({ output, rule }) => {
    const range = { lane: laneOf(output, rule), limit: mostCounted, only: ['due'] }
    const waiting = await listOf(db.table.query(range))
    return waiting.length === 0 ? [] : [{ output, count: waiting.length, at: timeOfDue(waiting[0]!['due']) }]
  })
  return [...Map.groupBy(found.flat(), ({ output }) => output)].map(([output, group]) => ({
    output,
    count: group.reduce((sum, { count }) => sum + count, 0),
    at: Math.min(...group.map(({ at }) => at)),
  }))
}

/** The delivery of an alert, or of an update, to an output. */
export async function findDelivery(db: Db, alert: string, output: string): Promise<Item | undefined> {
  const own = await db.table.get(deliveryKey(alert, output, 0, alert))
  if (own) return own
  const root = (await db.table.get(rootKey(alert)))?.['root']
  const chain = root === undefined ? [] : await readChain(db, String(root), output)
  return chain.find((one) => one['alert'] === alert)
}

/** An alert with what became of it. */
export async function storedAlert(db: Db, item: Item): Promise<StoredAlert> {
  const alert = await shownAlert(db, item)
  const outputs = [...new Set(alert.outputs)].toSorted()
  const found = await sideBySide(outputs, (output) => findDelivery(db, alert.id, output))
  const deliveries = found.flatMap((delivery) => {
    if (!delivery) return []
    const { output, state, attempts, error, settled, receipt } = delivery
    return [
      {
        ...{ output: String(output), state: state as DeliveryState, attempts: Number(attempts) },
        ...(error !== undefined && { error: String(error) }),
        ...(settled !== undefined && { at: Number(settled) }),
        ...(receipt !== undefined && { receipt: String(receipt) }),
      },
    ]
  })
  return { alert, deliveries }
}

/** Dead deliveries that are looked at together. */
const deadAtOnce = 100

/** See `AlertStore.deadDeliveries`. The index may be behind: whether a delivery is dead, its item says. */
export async function deadDeliveries(db: Db, query: DeadQuery): Promise<readonly DeadDelivery[]> {
  const { skip = 0, limit } = query
  const found: DeadDelivery[] = []
  let some: Item[] = []
  const look = async () => {
    const items = await db.table.getAll(some.flatMap((item) => [keyOf(item), alertKey(String(item['alert']))]))
    for (const { pk, sk, alert: id } of some) {
      const item = items.get(textOf({ pk: String(pk), sk: String(sk) }))
      const alert = items.get(textOf(alertKey(String(id))))
      if (item?.['state'] === 'dead' && alert) found.push(deadOf(item, await shownAlert(db, alert)))
    }
    some = []
  }
  for await (const item of db.table.query({ lane: deadLane, descending: true })) {
    const { output, rule, alert: id, settled } = item
    if (query.output !== undefined && output !== query.output) continue
    if (query.rule !== undefined && rule !== query.rule) continue
    if (query.alert !== undefined && id !== query.alert) continue
    if (query.before !== undefined && Number(settled) >= query.before) continue
    some.push(item)
    if (some.length >= Math.min(deadAtOnce, skip + limit)) await look()
    if (found.length >= skip + limit) break
  }
  await look()
  return found.slice(skip, skip + limit)
}

const deadOf = (item: Item, alert: Alert): DeadDelivery => ({
  ...{ alert, output: String(item['output']), attempts: Number(item['attempts']), error: String(item['error'] ?? '') },
  ...{ storedAt: Number(item['created']), at: Number(item['settled']) },
})

/** Removes a lane in which nothing was for a while, unless something is put into it just now. */
export async function dropIdle(db: Db, { output, rule, item, touched }: Lane, now: number): Promise<void> {
  if (now - touched < idleMs) return
  const [one] = await listOf(db.table.query({ lane: laneOf(output, rule), limit: 1, only: ['pk'] }))
  if (one) return
  // Whoever puts something in touches it before: then this fails, or it is made anew.
  await db.table.remove(keyOf(item), { touched })
}

/** The index is at most seconds behind. */
const idleMs = 3_600_000
