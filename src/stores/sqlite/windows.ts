import type { Alert, Hit } from '../../core/contracts/index.ts'
import { type Hash, updateId } from '../../core/ids.ts'
import { alertOf, isDelivered, updateOf } from '../../core/merge.ts'
import { type AlertRow, alertColumns, alertTables, insertAlert, toAlert } from './alerts.ts'
import type { Database } from './database.ts'
import { openingHit, type WindowRow } from './hits.ts'
import { countAll, countAtOpening, isThreshold, reachOf, summaryOf } from './reach.ts'

/** What a transaction brought forth; see `Committed`. */
export interface Emitted {
  readonly alerts: Alert[]
  readonly joined: Map<string, number>
}

export const nothingEmitted = (): Emitted => ({ alerts: [], joined: new Map() })

/** Enters new hits (window → how many) and opens the alerts that they complete, in these windows and in the next. */
export function foldWindows(db: Database, added: ReadonlyMap<number, number>, now: number, emitted: Emitted): void {
  const touched: WindowRow[] = []
  for (const [seq, n] of added) {
    const window = db.get<WindowRow>(
      `UPDATE windows SET hits = hits + ?1, arrived = max(arrived, ?2), ready = iif(opened, max(start + length, ?2), NULL)
       WHERE seq = ?3 RETURNING *`,
      ...[n, now, seq],
    )!
    if (window.opened) emitted.joined.set(window.id, n)
    touched.push(window)
  }
  for (const window of touched) {
    if (!window.opened) open(db, window, now, emitted)
    if (!isThreshold(window)) continue
    const next = db.get<WindowRow>('SELECT * FROM windows WHERE id = ? AND opened = 0', window.next)
    if (next) open(db, next, now, emitted)
  }
}

/** Opens the window's alert, if its hits allow that. */
function open(db: Database, window: WindowRow, now: number, emitted: Emitted): void {
  const reach = reachOf(db, window)
  const opening = reach && openingHit(db, window, reach.threshold?.completed.time)
  if (!opening) return
  db.run('UPDATE windows SET opened = 1, ready = max(start + length, arrived) WHERE seq = ?', window.seq)
  const told = countAtOpening(db, reach)
  const summary = reach.threshold && summaryOf(db, reach, told)
  const alert = alertOf(window.id, opening.hit, now, summary)
  if (insertAlert(db, alert, opening.record, isDelivered(window.mode), now)) emitted.alerts.push(alert)
  const joined = countAll(db, reach) - told
  if (joined > 0) emitted.joined.set(window.id, joined)
}

/** Windows closed in one transaction: others may write in between. */
const closedAtOnce = 200

/** Closes windows that are ready at `until`, epoch milliseconds; answers whether more of them wait. */
export function closeSome(db: Database, hash: Hash, until: number, now: number, emitted: Emitted): boolean {
  return db.transaction(() => {
    const ready = db.all<WindowRow>(
      'SELECT * FROM windows WHERE ready IS NOT NULL AND ready <= ? ORDER BY ready, seq LIMIT ?',
      ...[until, closedAtOnce],
    )
    for (const window of ready) close(db, hash, window, now, emitted)
    return ready.length === closedAtOnce
  })
}

/** Emits the window's update, if it holds more hits than were told. */
function close(db: Database, hash: Hash, window: WindowRow, now: number, emitted: Emitted): void {
  const reach = reachOf(db, window)
  const count = reach ? countAll(db, reach) : 0
  db.run('UPDATE windows SET ready = NULL, told = max(ifnull(told, 0), ?) WHERE seq = ?', count, window.seq)
  if (!reach || count <= (window.told ?? countAtOpening(db, reach))) return
  const opening = db.get<AlertRow & { record_seq: number }>(
    `SELECT ${alertColumns}, a.record AS record_seq FROM ${alertTables} WHERE a.id = ?`,
    window.id,
  )
  if (!opening) return
  const id = updateId(hash, window.id, count)
  const alert = updateOf(toAlert(opening), { id, now, hits: wishes(db, window) }, summaryOf(db, reach, count))
  if (insertAlert(db, alert, opening.record_seq, isDelivered(window.mode), now)) emitted.alerts.push(alert)
}

/** The different severities and outputs among all hits of a window. */
const wishes = (db: Database, window: WindowRow): Pick<Hit, 'severity' | 'outputs'>[] =>
  db
    .all<{ severity: Hit['severity']; outputs: string }>(
      'SELECT DISTINCT severity, outputs FROM hits WHERE window = ? AND severity IS NOT NULL ORDER BY severity, outputs',
      window.seq,
    )
    .map(({ severity, outputs }) => ({ severity, outputs: JSON.parse(outputs) as string[] }))
