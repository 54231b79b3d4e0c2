import type { Hit } from '../../core/contracts/index.ts'
import { type Hash, shareId, updateId } from '../../core/ids.ts'
import { alertOf, updateOf } from '../../core/merge/index.ts'
import { openedShares, type Share, untoldShares } from '../../core/merge/shares.ts'
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

/** Enters new hits into their window; in that of a merge, they open its alerts. */
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
  const raised = isThreshold(window) ? 0 : raiseShares(db, hash, entered, stored, now, emission)
  if (opened && added.length > raised) emission.emitted.joined.set(window.id, added.length - raised)
  return entered
}

/** Opens the alerts of a merge that its new hits call for; answers how many. */
function raiseShares(
  db: Database,
  hash: Hash,
  window: WindowRow,
  added: readonly StoredWindowedHit[],
  now: number,
  emission: Emission,
): number {
  const before = window.hits - added.length
  const most = window.most ?? Infinity
  const inOrder = added.toSorted(byTime)
  const indexes = openedShares(before, window.hits, most)
  for (const index of indexes) {
    const { hit, record } = inOrder[index === 0 ? 0 : index * most - before]!
    emission.raise(alertOf(shareId(hash, window.id, index), hit, now), record, window.mode)
  }
  return indexes.length
}

const byTime = (one: StoredWindowedHit, other: StoredWindowedHit): number =>
  one.hit.record.time - other.hit.record.time || (one.hit.id < other.hit.id ? -1 : 1)

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

/** Stores the opening alert of a threshold. */
function raise(db: Database, reach: Reach, { hit, record }: StoredHit, now: number, emission: Emission): void {
  const { window } = reach
  const told = countAtOpening(db, reach)
  const alert = alertOf(window.id, hit, now, reach.threshold && summaryOf(db, reach, { from: 0, to: told }))
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

/** Emits updates of the window's alerts, where they stand for more hits than were told. */
function close(db: Database, hash: Hash, window: WindowRow, now: number, emission: Emission): void {
  const reach = reachOf(db, window)
  const count = reach ? countAll(db, reach) : 0
  db.run('UPDATE windows SET ready = NULL, told = max(ifnull(told, 0), ?) WHERE seq = ?', [count, window.seq])
  if (!reach) return
  const told = window.told ?? countAtOpening(db, reach)
  for (const share of untoldShares(told, count, window.most ?? Infinity)) {
    const opening = db.get<AlertRow & { record_seq: number }>(
      `SELECT ${alertColumns}, a.record AS record_seq FROM ${alertTables} WHERE a.id = ?`,
      [shareId(hash, window.id, share.index)],
    )
    if (!opening) continue
    const before = toAlert(opening)
    const id = updateId(hash, before.id, share.to - share.from)
    const alert = updateOf(before, { id, now, hits: wishes(db, window, share) }, summaryOf(db, reach, share))
    emission.raise(alert, opening.record_seq, window.mode)
  }
}

/** The different severities and outputs among the hits of a window, of a merge among those of one share. */
const wishes = (db: Database, window: WindowRow, { from, to }: Share): Pick<Hit, 'severity' | 'outputs'>[] =>
  db
    .all<{ severity: Hit['severity']; outputs: string }>(
      `SELECT DISTINCT severity, outputs FROM (
         SELECT severity, outputs FROM hits WHERE window = ? AND completes IN (0, 1)
         ORDER BY time, completes, id LIMIT ? OFFSET ?)
       WHERE severity IS NOT NULL ORDER BY severity, outputs`,
      [window.seq, window.most === null ? -1 : to - from, from],
    )
    .map(({ severity, outputs }) => ({ severity, outputs: JSON.parse(outputs) as string[] }))
