import type { Retention } from '../../core/contracts/index.ts'
import type { Db } from './db.ts'
import { keptMs } from './rates.ts'
import { kindOf } from './stats.ts'
import { listOf, type Item, type Key, keyOf } from './table.ts'

/**
 * Removes what is past its age; see `Store.sweep`. On AWS nobody has to call it: every item says when it expires. It reads the
 * whole table, and is for a retention that was made shorter.
 */
export async function sweep(db: Db, retention: Retention, now: number): Promise<Readonly<Record<string, number>>> {
  const items = await listOf(db.table.scan())
  const kinds = Map.groupBy(items, kindOf)
  const of = (kind: ReturnType<typeof kindOf>) => kinds.get(kind) ?? []
  const isOlder = (name: string, ms: number) => (item: Item) => Number(item[name]) < now - ms

  const pending = new Set(of('deliveries').flatMap((one) => (one['state'] === 'pending' ? [one['alert']] : [])))
  const ready = new Set(of('windows').flatMap((one) => (one['lane'] === undefined ? [] : [idOf(one)])))
  const alerts = of('alerts')
    .filter(isOlder('stored', retention.alertsMs))
    .filter((one) => !pending.has(idOf(one)) && !ready.has(idOf(one)))
  const goneAlerts = new Set(alerts.map(idOf))
  const deliveries = of('deliveries').filter((one) => goneAlerts.has(String(one['alert'])))
  const kept = new Set(
    of('alerts')
      .map(idOf)
      .filter((id) => !goneAlerts.has(id)),
  )
  const log = of('log').filter((one) => {
    return (
      isOlder('at', retention.alertsMs)(one) &&
      !(JSON.parse(String(one['lines'])) as { id: string }[]).some(({ id }) => kept.has(id))
    )
  })
  const windows = of('windows').filter((one) => isOlder('arrived', retention.hitsMs)(one) && !ready.has(idOf(one)))
  const goneWindows = new Set(windows.map(({ pk }) => pk))
  const inWindows = of('windowHits').filter(({ pk }) => goneWindows.has(pk))
  const waiting = new Set(of('windowHits').flatMap(({ pk, hit }) => (goneWindows.has(pk) ? [] : [hit])))
  const hits = of('hits').filter((one) => isOlder('at', retention.hitsMs)(one) && !waiting.has(idOf(one)))
  const quarantine = of('quarantine').filter(isOlder('at', retention.quarantineMs))
  const rates = of('rates').filter((one) => one['lane'] === undefined && isOlder('until', keptMs)(one))

  const gone = { alerts, quarantine, windows, hits }
  const keys: Key[] = [...Object.values(gone).flat(), ...deliveries, ...log, ...inWindows, ...rates].map(keyOf)
  await db.table.removeAll(keys)
  const counts = Object.entries(gone).map(([kind, list]) => [kind, list.length] as const)
  return Object.fromEntries(counts.filter(([, n]) => n > 0))
}

/** The id in an item's keys. */
function idOf({ pk, sk }: Item): string {
  const [own, partition] = [String(sk), String(pk)]
  return own.startsWith('alert#') ? own.slice('alert#'.length) : partition.slice(partition.indexOf('#') + 1)
}
