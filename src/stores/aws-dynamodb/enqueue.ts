import type { Alert, RateLimits } from '../../core/contracts/index.ts'
import { expires, type Db } from './db.ts'
import { chainOf, deliveryKey, digestedOf, dueAt, laneKey, laneOf } from './layout.ts'
import { admit } from './rates.ts'
import { listOf, type Item, keyOf, sideBySide } from './table.ts'

/** An alert that is to go to an output. */
export interface Wanted {
  readonly alert: Alert
  readonly output: string
  /** Its place among those that came together. */
  readonly nth: number
  /** False: its delivery may be there already. */
  readonly isNew: boolean
}

/** How long an update that waits for another delivery is left alone, before somebody looks whether it still has to. Milliseconds. */
export const patienceMs = 300_000

/** How many hits an update tells: later updates of an alert tell more. 0: no update. */
const orderOf = ({ updates, mergedFrom, record }: Alert): number =>
  updates === undefined ? 0 : (mergedFrom?.count ?? Number(record.data['count'] ?? 0)) + 1

/** Adds deliveries where they are not there yet; see `AlertStore.commit`. */
export async function enqueue(
  db: Db,
  wanted: readonly Wanted[],
  now: number,
  rates: RateLimits | undefined,
): Promise<void> {
  if (wanted.length === 0) return
  const lanes = new Map(wanted.map(({ alert, output }) => [laneOf(output, alert.rule), { alert, output }]))
  await sideBySide([...lanes.values()], ({ alert, output }) =>
    db.table.update(laneKey(output, alert.rule), {
      set: { touched: now, output, rule: alert.rule },
      initially: { served: 0 },
    }),
  )
  const ways = await sideBySide(wanted, (one) => wayOf(db, one, now))
  const counted = wanted.filter((_, n) => ways[n] === 'counted')
  const digests = await admit(db, counted, now, rates)
  await sideBySide([...wanted.entries()], async ([n, one]) => {
    const way = ways[n]!
    if (way === 'there') return
    const until = way === 'counted' ? digests.get(one) : way.until
    if (until !== undefined) return addDigested(db, one, until, now)
    await addPending(db, one, way !== 'counted' && way.waits, now)
  })
}

type Way = 'there' | 'counted' | { readonly until?: number; readonly waits: boolean }

/** An update goes the way of its alert, after all of it that is pending; everything else is counted. */
async function wayOf(db: Db, { alert, output, isNew }: Wanted, now: number): Promise<Way> {
  if (alert.updates === undefined) {
    return !isNew && (await db.table.get(deliveryKey(alert.id, output, 0, alert.id))) ? 'there' : 'counted'
  }
  const chain = await readChain(db, alert.updates, output)
  if (chain.some((one) => one['alert'] === alert.id)) return 'there'
  const earlier = chain.find((one) => one['alert'] === alert.updates)
  if (!earlier) return 'counted'
  if (earlier['state'] === 'digested') return { until: Number(earlier['until'] ?? now), waits: false }
  return { waits: chain.some((one) => one['state'] === 'pending') }
}

export const readChain = (db: Db, root: string, output: string): Promise<Item[]> =>
  listOf(db.table.query(chainOf(root, output)))

const itemOf = (db: Db, { alert, output, nth }: Wanted, now: number) => ({
  ...deliveryKey(alert.updates ?? alert.id, output, orderOf(alert), alert.id),
  ...{ alert: alert.id, root: alert.updates ?? alert.id, output, rule: alert.rule },
  ...{ nth, attempts: 0, created: now, stored: now, revision: 0 },
  ...expires(now, db.kept.alertsMs),
})

async function addPending(db: Db, one: Wanted, waits: boolean, now: number): Promise<void> {
  const { alert, output } = one
  const due = waits ? dueAt(now + patienceMs) : dueAt(now, one.nth)
  const item = { ...itemOf(db, one, now), state: 'pending', lane: laneOf(output, alert.rule), due, waits }
  await db.table.add(item)
  // What it waits for may have ended between the look and the entry.
  if (waits) await releaseNext(db, item.root, output, now)
}

async function addDigested(db: Db, one: Wanted, until: number, now: number): Promise<void> {
  const { alert, output } = one
  const { rule, severity, cluster } = alert
  const about = { alert: alert.id, rule, severity, cluster, update: alert.updates !== undefined }
  const place = { pk: digestedOf(output, until), sk: `${dueAt(now, one.nth)}#${alert.id}` }
  await db.table.putAll([{ ...place, ...about, ...expires(now, db.kept.alertsMs) }])
  await db.table.add({ ...itemOf(db, one, now), state: 'digested', until })
}

/** Lets the first delivery of a chain go that waits for nothing any more. */
export async function releaseNext(db: Db, root: string, output: string, now: number): Promise<void> {
  const chain = await readChain(db, root, output)
  const next = chain.findIndex((one) => one['waits'] === true && one['state'] === 'pending')
  if (next < 0 || chain.slice(0, next).some((one) => one['state'] === 'pending')) return
  const { revision } = chain[next]!
  const change = { set: { due: dueAt(now), stored: now, waits: false }, add: { revision: 1 } }
  await db.table.update(keyOf(chain[next]!), change, { revision: revision! })
}
