import type { Hit, HitWindow } from '../../core/contracts/index.ts'
import { shareId } from '../../core/ids.ts'
import { alertOf, completes, isThreshold } from '../../core/merge/index.ts'
import { openedShares } from '../../core/merge/shares.ts'
import { sampleSize } from '../../core/merge/summary.ts'
import { createWindow, open, type Window, type WindowedHit } from '../memory/windows.ts'
import { packed, packedHit, unpacked } from './bodies.ts'
import { type Db, expires } from './db.ts'
import type { Raised } from './emission.ts'
import { dueAt, hitPrefix, shardOf, windowHitKey, windowKey } from './layout.ts'
import { type Item, sideBySide, type Table, textOf } from './table.ts'

/** New hits of one window. */
export interface Entered {
  readonly window: Window
  readonly hits: readonly WindowedHit[]
}

/** What new hits brought forth in a window, and what is written down of it once its alerts are stored. */
export interface Folded {
  readonly raised: readonly Raised[]
  /** Hits that joined an alert: how many. Counted down by those that turn out to open one. */
  readonly joined: number
  readonly window: Window
  /** Alerts that it has by now. */
  readonly opened: number
}

export const windowsOf = (db: Db, hits: readonly WindowedHit[]): Entered[] => {
  const groups = Map.groupBy(hits, ({ rule, mode, window }) => JSON.stringify([rule, mode, window.start, window.key]))
  return [...groups.values()].map((group) => ({ window: createWindow(db.hash, group[0]!), hits: group }))
}

/** Puts hits into their windows. To put one again changes nothing. */
export async function enterHits(db: Db, entered: readonly Entered[], now: number): Promise<void> {
  const items = await sideBySide(
    entered.flatMap(({ window, hits }) => hits.map((hit) => ({ window, hit }))),
    async ({ window, hit }) => {
      const { distinct, then } = hit.window
      return {
        ...windowHitKey(window.id, hit.record.time, completes(hit.window), hit.id),
        ...{ hit: hit.id, time: hit.record.time, severity: hit.severity, outputs: JSON.stringify(hit.outputs) },
        // A long value is known by its hash.
        ...(distinct !== undefined && { distinct: distinct.length > 64 ? db.hash(distinct) : distinct }),
        ...(then !== undefined && { then }),
        ...(await packedHit(db, hit)),
        ...expires(Math.max(now, hit.window.start + 2 * hit.window.lengthMs), db.kept.hitsMs),
      }
    },
  )
  await db.table.putAll(items)
}

/**
 * What the hits of windows open, in them and in the next ones. Hits are stored before this looks: of two writers, the one that
 * looks last sees all, and to store an alert twice stores it once.
 */
export async function foldHits(db: Db, entered: readonly Entered[], now: number): Promise<Folded[]> {
  const counted = entered.filter(({ window }) => isThreshold(window.policy))
  const touched = new Set(entered.map(({ window }) => window.id))
  const keys = [
    ...entered.map(({ window }) => windowKey(window.id)),
    ...counted.flatMap(({ window }) => (touched.has(window.next) ? [] : [windowKey(window.next)])),
  ]
  const known = await db.table.getAll(keys)
  const openedOf = (id: string) => Number(known.get(textOf(windowKey(id)))?.['opened'] ?? 0)
  const folded = await sideBySide(entered, ({ window, hits }) =>
    isThreshold(window.policy)
      ? openThreshold(db, window, openedOf(window.id), hits.length, now)
      : openMerge(db, window, openedOf(window.id), hits, now),
  )
  const next = counted.filter(({ window }) => !touched.has(window.next))
  const further = await sideBySide(next, async ({ window, hits }) => {
    if (openedOf(window.next) > 0) return []
    const start = window.policy.start + window.policy.lengthMs
    const following = createWindow(db.hash, { ...hits[0]!, window: { ...window.policy, start } })
    const one = await openThreshold(db, following, 0, 0, now)
    return one.raised.length > 0 ? [one] : []
  })
  return [...folded, ...further.flat()]
}

async function openMerge(
  db: Db,
  window: Window,
  before: number,
  hits: readonly WindowedHit[],
  now: number,
): Promise<Folded> {
  const { limit } = window.policy
  if (limit === undefined && before > 0) return { raised: [], joined: hits.length, window, opened: before }
  const count = limit === undefined ? hits.length : await countHits(db.table, window.id)
  const inOrder = hits.toSorted((one, other) => one.record.time - other.record.time || (one.id < other.id ? -1 : 1))
  const indexes = openedShares(before === 0 ? 0 : (before - 1) * limit! + 1, count, limit)
  const raised = indexes.map((index) => {
    // Of the hits that came now, the one that reaches the share; all that matters is that it is of this window.
    const nth = index === 0 ? 0 : index * limit! - (count - hits.length)
    const hit = inOrder[Math.min(Math.max(nth, 0), inOrder.length - 1)]!
    return { alert: alertOf(shareId(db.hash, window.id, index), hit, now), mode: hit.mode }
  })
  return { raised, joined: hits.length - raised.length, window, opened: before + raised.length }
}

async function openThreshold(db: Db, window: Window, before: number, added: number, now: number): Promise<Folded> {
  if (before > 0) return { raised: [], joined: added, window, opened: before }
  const nothing = { raised: [], joined: 0, window, opened: 0 }
  const full = await withHits(db, window)
  if (full.hits.length === 0) return nothing
  const opened = open(full, await previousOf(db, full), now)
  if (!opened) return nothing
  return { raised: [{ alert: opened.alert, mode: full.hits[0]!.mode }], joined: opened.more, window, opened: 1 }
}

/** The window before, with its hits. */
export const previousOf = async (db: Db, { previous, policy }: Window): Promise<Window | undefined> =>
  isThreshold(policy) ? withHits(db, { ...bare, id: previous, policy }) : undefined

const bare = { previous: '', next: '', hits: [], arrived: 0, opened: [], ready: false } as const

/** A window with its hits in the order of the fold. Records are read as far as summaries look at them. */
export async function withHits(db: Db, window: Omit<Window, 'hits' | 'opened'>): Promise<Window> {
  const share = Math.min(window.policy.limit ?? Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER)
  const items: Item[] = []
  for await (const item of db.table.query({ pk: windowKey(window.id).pk, prefix: hitPrefix })) {
    const { body: _, bodyAt: _at, record: _record, recordAt: _recordAt, ...light } = item
    const wanted = items.length % share < sampleSize || isThreshold(window.policy)
    items.push(wanted ? item : light)
  }
  const hits = await sideBySide(items, (item) => hitOf(db, window.policy, item))
  return { ...window, hits, opened: [] }
}

async function hitOf(db: Db, policy: HitWindow, item: Item): Promise<WindowedHit> {
  const { distinct: _, then: _then, ...rest } = policy
  const id = String(item['hit'])
  const time = Number(item['time'])
  const severity = item['severity'] as Hit['severity']
  const outputs = JSON.parse(String(item['outputs'])) as string[]
  const light = { id, time, severity, outputs }
  const isLight = item['body'] === undefined && item['bodyAt'] === undefined
  return {
    ...(isLight ? emptyHit : await unpacked<Hit>(db, 'body', item)),
    ...light,
    record: isLight ? { ...emptyRecord, time } : await unpacked<Hit['record']>(db, 'record', item),
    window: {
      ...rest,
      ...(item['distinct'] !== undefined && { distinct: String(item['distinct']) }),
      ...(item['then'] !== undefined && { then: item['then'] === true }),
    },
  }
}

/** A hit that is only counted. */
const emptyHit = { rule: '', mode: 'live', title: '', description: '', context: {} } as const
const emptyRecord = { id: '', schema: '', source: '', cluster: '', position: '', receivedAt: 0, data: {} }

async function countHits(table: Table, window: string): Promise<number> {
  let count = 0
  for await (const _ of table.query({ pk: windowKey(window).pk, prefix: hitPrefix, only: ['sk'] })) count++
  return count
}

/** Writes down what became of windows, once their alerts are stored; those with alerts may be closed from some time on. */
export async function noteWindows(db: Db, folded: readonly Folded[], now: number): Promise<void> {
  await sideBySide(folded, async ({ window, opened }) => {
    const { policy } = window
    const end = policy.start + policy.lengthMs
    const open = opened > 0 && { opened, lane: shardOf('windows', window.id), due: dueAt(Math.max(end, now)) }
    await db.table.update(windowKey(window.id), {
      set: { arrived: now, ...open, ...expires(Math.max(now, end), db.kept.hitsMs) },
      initially: { previous: window.previous, start: policy.start, ...(await packed(db, 'policy', policy)) },
      add: { version: 1 },
    })
  })
}

/** Hits that joined alerts: alert id → how many. */
export function joinedOf(folded: readonly Folded[]): Map<string, number> {
  return new Map(folded.flatMap(({ window, joined }) => (joined > 0 ? [[window.id, joined] as const] : [])))
}
