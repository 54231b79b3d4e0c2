import type { Alert, AlertQuery, AlertStore, StoredAlert } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { unpackedAlert } from './bodies.ts'
import type { Db } from './db.ts'
import { storedAlert } from './deliveries.ts'
import { digestedAlerts } from './digests.ts'
import { alertKey, alertPrefix } from './layout.ts'
import { linesAfter, linesOfQuery } from './log.ts'
import { type Item, listOf, sideBySide, textOf } from './table.ts'

const itemsOf = (items: ReadonlyMap<string, Item>, id: string): Item[] => {
  const item = items.get(textOf(alertKey(id)))
  return item ? [item] : []
}

/** Alerts that are read together. */
const atOnce = 100

/** See `AlertStore.alerts`. */
export async function listAlerts(db: Db, { limit, digested, ...query }: AlertQuery): Promise<StoredAlert[]> {
  const held = digested && (await digestedAlerts(db, digested.output, digested.until))
  const ids = held ? held : idsOf(db, query)
  const found: StoredAlert[] = []
  let some: string[] = []
  const flush = async () => {
    const items = await db.table.getAll(some.map(alertKey))
    const there = some.flatMap((id) => itemsOf(items, id))
    found.push(...(await sideBySide(there.slice(0, limit - found.length), (item) => storedAlert(db, item))))
    some = []
  }
  for await (const id of ids) {
    some.push(id)
    if (some.length >= Math.min(atOnce, limit)) await flush()
    if (found.length >= limit) return found
  }
  await flush()
  return held ? found.filter(({ alert }) => isMatch(query, alert)) : found
}

async function* idsOf(db: Db, query: Omit<AlertQuery, 'limit'>) {
  for await (const { id } of linesOfQuery(db, query)) yield id
}

const isMatch = (query: Omit<AlertQuery, 'limit' | 'digested'>, alert: Alert): boolean =>
  (query.rule === undefined || alert.rule === query.rule) &&
  (query.cluster === undefined || alert.cluster === query.cluster) &&
  (query.severity === undefined || alert.severity === query.severity) &&
  (query.since === undefined || Date.parse(alert.createdAt) >= query.since) &&
  (query.staged === undefined || alert.staged === query.staged)

/** See `AlertStore.countAlerts`. */
export async function countAlerts(db: Db, query: AlertQuery): Promise<number> {
  let count = 0
  for await (const { updates } of linesOfQuery(db, query)) {
    if (updates === undefined) count++
    if (count >= query.limit) break
  }
  return count
}

/** See `AlertStore.alert`. */
export async function findAlert(db: Db, id: string): Promise<StoredAlert | undefined> {
  if (id.length < 4) return undefined
  const own = await db.table.get(alertKey(id))
  if (own) return storedAlert(db, own)
  const found = await listOf(db.table.query({ ...alertPrefix(id), limit: 2 }))
  if (found.length > 1) {
    throw new CodedError('AMBIGUOUS', `More than one alert has an id that begins with "${id}".`, {
      hint: 'Write more of the id.',
    })
  }
  return found[0] && storedAlert(db, found[0])
}

/** See `AlertStore.alertsAfter`. */
export async function alertsAfter(db: Db, after: number, limit: number): ReturnType<AlertStore['alertsAfter']> {
  const ids: string[] = []
  let last = after
  if (limit > 0) {
    for await (const { id, number } of linesAfter(db, after)) {
      ids.push(id)
      last = number
      if (ids.length >= limit) break
    }
  }
  const items = await db.table.getAll(ids.map(alertKey))
  const there = [...new Set(ids)].flatMap((id) => itemsOf(items, id))
  return { alerts: await sideBySide(there, (item) => unpackedAlert(db, item)), last }
}
