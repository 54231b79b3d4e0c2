import type { Alert, Committed, HitWindow, RateLimits } from '../../core/contracts/index.ts'
import { shareId } from '../../core/ids.ts'
import { close, type Window } from '../memory/windows.ts'
import { unpacked, unpackedAlert } from './bodies.ts'
import type { Db } from './db.ts'
import { raise } from './emission.ts'
import { alertKey, dueBy, shardsOf, timeOfDue } from './layout.ts'
import { listOf, type Item, keyOf, sideBySide, textOf } from './table.ts'
import { previousOf, withHits } from './windows.ts'

export interface Closing {
  readonly now: number
  readonly latenessMs: number
  readonly all: boolean
  readonly rates?: RateLimits
}

/** See `AlertStore.closeWindows`. */
export async function closeWindows(db: Db, { now, latenessMs, all, rates }: Closing): Promise<Committed> {
  const by = now - latenessMs
  const ready: Item[] = []
  for (const lane of shardsOf('windows')) {
    for await (const item of db.table.query({ lane, ...(!all && { to: dueBy(by) }) })) ready.push(item)
  }
  const alerts = (await sideBySide(ready, (item) => closeOne(db, item, now, rates))).flat()
  const next = await sideBySide(shardsOf('windows'), async (lane) => {
    const [first] = await listOf(db.table.query({ lane, from: dueBy(by), limit: 1 }))
    return first ? [timeOfDue(first['due'])] : []
  })
  const times = all ? [] : next.flat()
  return { alerts, joined: new Map(), ...(times.length > 0 && { nextClose: Math.min(...times) + latenessMs }) }
}

/** Stores the updates of one window, then writes down what was told. Hits that came meanwhile leave it to be closed again. */
async function closeOne(db: Db, found: Item, now: number, rates: RateLimits | undefined): Promise<Alert[]> {
  // The index may be behind: the table says what is so.
  const item = await db.table.get(keyOf(found))
  if (!item || item['lane'] === undefined || item['due'] !== found['due']) return []
  const policy = await unpacked<HitWindow>(db, 'policy', item)
  const told = item['told'] === undefined ? {} : { told: Number(item['told']) }
  const id = String(item['pk']).slice('window#'.length)
  const ids = { id, previous: String(item['previous']), next: '' }
  const bare = { ...ids, policy, arrived: Number(item['arrived']), ready: true, ...told }
  const window = await withOpened(db, await withHits(db, bare), Number(item['opened'] ?? 0))
  const updates = close(db.hash, window, await previousOf(db, window), now)
  const mode = window.hits[0]?.mode ?? 'live'
  const alerts = await raise(
    db,
    updates.map((alert) => ({ alert, mode })),
    now,
    rates,
  )
  const set = window.told === undefined ? {} : { set: { told: window.told } }
  const closed = { ...set, remove: ['lane', 'due'] }
  if (!(await db.table.update(keyOf(item), closed, { version: item['version']! }))) {
    if (window.told !== undefined) await db.table.update(keyOf(item), { set: { told: window.told } })
  }
  return alerts
}

/** The window's alerts from the first on that may have something left to tell. */
async function withOpened(db: Db, window: Window, count: number): Promise<Window> {
  const { limit } = window.policy
  const from = limit === undefined ? 0 : Math.floor((window.told ?? 0) / limit)
  const indexes = Array.from({ length: Math.max(count - from, 0) }, (_, n) => from + n)
  const keyFor = (index: number) => alertKey(shareId(db.hash, window.id, index))
  const items = await db.table.getAll(indexes.map(keyFor))
  const opened: Alert[] = []
  for (const index of indexes) {
    const item = items.get(textOf(keyFor(index)))
    if (item) opened[index] = await unpackedAlert(db, item)
  }
  return { ...window, opened }
}
