import type { Hit } from '../../core/contracts/index.ts'
import { type Hash, updateId } from '../../core/ids.ts'
import { alertOf, updateOf } from '../../core/merge/index.ts'
import { type AlertRow, alertColumns, alertTables, toAlert } from './alerts.ts'
import type { Database } from './database.ts'
import type { Emission } from './emission.ts'
import { insertHit, openingHit, type StoredHit, type WindowedHit, type WindowRow, windowRow } from './hits.ts'
import { countAll, countAtOpening, isThreshold, type Reach, reachOf, summaryOf } from './reach.ts'
import { insertRecord } from './records.ts'

/** Stores new hits of windows, and opens the alerts that they complete, in their windows and in the next. */
export function foldHits(
  db: Database,
  hash: Hash,
  hits: readonly WindowedHit[],
  now: number,
  emission: Emission,
): void {
  const groups = Map.groupBy(hits, ({ rule, mode, window }) => JSON.stringify([rule, mode, window.start, window.key]))
  const touched = new Map<string, WindowRow>()
  for (const added of groups.values()) {
    const window = enter(db, hash, added, now, emission)
    touched.set(window.id, window)
  }
  for (const window of touched.values()) {
    if (!isThreshold(window)) continue
    if (!window.opened) openCompleted(db, window, now, emission)
    if (touched.has(window.next!)) continue
    const next = db.get<WindowRow>('SELECT * FROM windows WHERE id = ? AND opened = 0', [window.next])
    if (next) openCompleted(db, next, now, emission)
  }
}

/** Enters new hits into their window; any hit opens the alert of a merge. */
function enter(db: Database, hash: Hash, added: readonly WindowedHit[], now: number, emission: Emission): WindowRow {
  const window = windowRow(db, hash, added[0]!, now)
  const stored = added.map((hit) => ({ hit, record: insertRecord(db, hit.record) }))
  for (const { hit, record } of stored) insertHit(db, hash, hit, { window: window.seq, record }, now)
  const hits = window.hits + added.length
  const arrived = Math.max(window.arrived, now)
  const opened = isThreshold(window) ? window.opened : 1
  const entered = { ...window, hits, arrived, opened }
  db.run('UPDATE windows SET hits = ?, arrived = ?, opened = ?, ready = ? WHERE seq = ?', [
    hits,
    arrived,
    opened,
    opened ? readyAt(entered) : null,
    window.seq,
  ])
  if (window.opened) emission.emitted.joined.set(window.id, added.length)
  else if (opened) raise(db, { window: entered }, stored.reduce(earlier), now, emission)
  return entered
}

const earlier = (one: StoredWindowedHit, other: StoredWindowedHit): StoredWindowedHit =>
  (other.hit.record.time - one.hit.record.time || (other.hit.id < one.hit.id ? -1 : 1)) < 0 ? other : one

interface StoredWindowedHit extends StoredHit {
  readonly hit: WindowedHit
}

/** When a window has ended, and had its last hit. */
const readyAt = (window: WindowRow): number => Math.max(window.start + window.length, window.arrived)

/** Opens the alert of a threshold, if its hits complete the count. */
function openCompleted(db: Database, window: WindowRow, now: number, emission: Emission): void {
  const reach = reachOf(db, window)
  const opening = reach?.threshold && openingHit(db, window, reach.threshold.completed.time)
  if (!opening) return
  db.run('UPDATE windows SET opened = 1, ready = ? WHERE seq = ?', [readyAt(window), window.seq])
  raise(db, reach, opening, now, emission)
}

/** Stores the opening alert of a window. */
function raise(db: Database, reach: Reach, { hit, record }: StoredHit, now: number, emission: Emission): void {
  const { window } = reach
  const told = countAtOpening(db, reach)
  const alert = alertOf(window.id, hit, now, reach.threshold && summaryOf(db, reach, told))
  emission.raise(alert, record, window.mode)
  const more = countAll(db, reach) - told
  if (more > 0) emission.emitted.joined.set(window.id, more)
}

/** Windows closed in one transaction: others may write in between. */
const closedAtOnce = 200

/** Closes windows that are ready at `until`, epoch milliseconds; answers whether more of them wait. */
export function closeSome(db: Database, hash: Hash, until: number, now: number, emission: Emission): boolean {
  return db.transaction(() => {
    const ready = db.all<WindowRow>(
      'SELECT * FROM windows WHERE ready IS NOT NULL AND ready <= ? ORDER BY ready, seq LIMIT ?',
      [until, closedAtOnce],
    )
    for (const window of ready) close(db, hash, window, now, emission)
    emission.flush()
    return ready.length === closedAtOnce
  })
}

/** When the next window becomes ready, epoch milliseconds. */
export const nextReady = (db: Database): number | undefined =>
  db.get<{ at: number | null }>('SELECT min(ready) AS at FROM windows WHERE ready IS NOT NULL')?.at ?? undefined

/** Emits the window's update, if it holds more hits than were told. */
function close(db: Database, hash: Hash, window: WindowRow, now: number, emission: Emission): void {
  const reach = reachOf(db, window)
  const count = reach ? countAll(db, reach) : 0
  db.run('UPDATE windows SET ready = NULL, told = max(ifnull(told, 0), ?) WHERE seq = ?', [count, window.seq])
  if (!reach || count <= (window.told ?? countAtOpening(db, reach))) return
  const opening = db.get<AlertRow & { record_seq: number }>(
    `SELECT ${alertColumns}, a.record AS record_seq FROM ${alertTables} WHERE a.id = ?`,
    [window.id],
  )
  if (!opening) return
  const id = updateId(hash, window.id, count)
  const alert = updateOf(toAlert(opening), { id, now, hits: wishes(db, window) }, summaryOf(db, reach, count))
  emission.raise(alert, opening.record_seq, window.mode)
}

/** The different severities and outputs among all hits of a window. */
const wishes = (db: Database, window: WindowRow): Pick<Hit, 'severity' | 'outputs'>[] =>
  db
    .all<{ severity: Hit['severity']; outputs: string }>(
      'SELECT DISTINCT severity, outputs FROM hits WHERE window = ? AND severity IS NOT NULL ORDER BY severity, outputs',
      [window.seq],
    )
    .map(({ severity, outputs }) => ({ severity, outputs: JSON.parse(outputs) as string[] }))
