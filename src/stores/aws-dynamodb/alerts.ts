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

/** See `AlertStore.alerts`. What is skipped is only read where the lines of the log do not say whether it fits. */
export async function listAlerts(db: Db, { limit, digested, skip = 0, ...query }: AlertQuery): Promise<StoredAlert[]> {
  const ids = digested ? await digestedAlerts(db, digested.output, digested.until) : idsOf(db, query, skip)
  const wanted = digested ? skip + limit : limit
  const found: StoredAlert[] = []
  for await (const some of chunksOf(ids, Math.min(atOnce, wanted))) {
    const items = await db.table.getAll(some.map(alertKey))
    const there = some.flatMap((id) => itemsOf(items, id)).slice(0, wanted - found.length)
    const stored = await sideBySide(there, (item) => storedAlert(db, item))
    found.push(...(digested ? stored.filter(({ alert }) => isMatch(query, alert)) : stored))
    if (found.length >= wanted) break
  }
  return digested ? found.slice(skip) : found
}

async function* idsOf(db: Db, query: Omit<AlertQuery, 'limit'>, skip: number) {
  let left = skip
  for await (const { id } of linesOfQuery(db, query)) if (left-- <= 0) yield id
}

async function* chunksOf<T>(all: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = []
  for await (const one of all) {
    chunk.push(one)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
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
