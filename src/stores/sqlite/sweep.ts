import type { Retention } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'
import { removeOrphans } from './records.ts'
import { freePages, usedBytes } from './stats.ts'

/** Rows removed in one transaction: commits of others come in between. */
const chunk = 1000

/** Counts of a rate limit's window that is so long over, and told, are of no more use. Milliseconds. */
const ratesMs = 3_600_000

/** Pages given back to the disk in one transaction. */
const pagesAtOnce = 2000

/** Removes a chunk of a table's rows; answers how many. */
type Step = readonly [table: string, remove: () => number]

/** Removes what is past its age, then the oldest until the bytes fit; answers how many rows went, by table. */
export async function sweep(db: Database, retention: Retention, now: number): Promise<Record<string, number>> {
  const gone: Record<string, number> = {}
  const hitsBefore = now - retention.hitsMs
  const byAge: readonly Step[] = [
    ['alerts', () => removeAlerts(db, now - retention.alertsMs, hitsBefore)],
    ['quarantine', () => removeEntries(db, now - retention.quarantineMs)],
    ['hits', () => removeHits(db, hitsBefore)],
    ['hits', () => removeTombstones(db, hitsBefore)],
    ['windows', () => removeWindows(db, hitsBefore)],
    ['rates', () => db.run('DELETE FROM rates WHERE until < ? AND surplus = digested', [now - ratesMs])],
    ['counters', () => db.run('DELETE FROM counters WHERE at < ?', [now - retention.alertsMs])],
  ]
  // Hits of windows that have not opened go last: without them, an alert might never be raised.
  const byBytes: readonly Step[] = [
    ['hits', () => emptyHits(db, 'w.opened = 1')],
    ['quarantine', () => removeEntries(db, Infinity)],
    ['alerts', () => removeAlerts(db, Infinity, hitsBefore)],
    ['hits', () => emptyHits(db, 'w.opened = 0')],
  ]
  const take = async ([table, remove]: Step, goOn: () => boolean) => {
    while (goOn()) {
      const removed = db.transaction(remove)
      if (removed === 0) return
      gone[table] = (gone[table] ?? 0) + removed
      await new Promise(setImmediate)
    }
  }
  for (const step of byAge) await take(step, () => true)
  for (const step of byBytes) await take(step, () => usedBytes(db) > retention.maxBytes)
  while (freePages(db) > 0) {
    db.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`)
    await new Promise(setImmediate)
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  return gone
}

/**
 * Alerts without a pending delivery, whose window has nothing more to tell. Their ids stay known for as long as hits do,
 * so that a late redelivery does not raise them again.
 */
function removeAlerts(db: Database, before: number, hitsBefore: number): number {
  const removed = db.all<{ seq: number; id: string; created: number; record: number }>(
    `DELETE FROM alerts WHERE seq IN (
       SELECT seq FROM alerts a WHERE created < ?
         AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.alert = a.seq AND d.state = 'pending')
         AND NOT EXISTS (SELECT 1 FROM windows w WHERE w.id = a.id AND w.ready IS NOT NULL)
       ORDER BY created LIMIT ?)
     RETURNING seq, id, created, record`,
    [before, chunk],
  )
  for (const { id, created } of removed) {
    if (created >= hitsBefore) db.run('INSERT OR IGNORE INTO hits (id, arrived) VALUES (?, ?)', [id, created])
  }
  db.run('UPDATE swept SET seq = max(seq, ?)', [Math.max(0, ...removed.map(({ seq }) => seq))])
  removeOrphans(db, removed)
  return removed.length
}

const removeEntries = (db: Database, before: number): number =>
  db.run('DELETE FROM quarantine WHERE seq IN (SELECT seq FROM quarantine WHERE stored < ? ORDER BY stored LIMIT ?)', [
    before,
    chunk,
  ])

/** Windows that no hit can complete any more, and that have nothing to tell. */
const pastWindows = `w.arrived < ?1 AND w.start + 2 * w.length < ?1 AND w.ready IS NULL`

function removeHits(db: Database, before: number): number {
  const removed = db.all<{ record: number | null }>(
    `DELETE FROM hits WHERE seq IN (SELECT h.seq FROM windows w JOIN hits h ON h.window = w.seq WHERE ${pastWindows} LIMIT ?2)
     RETURNING record`,
    [before, chunk],
  )
  removeOrphans(db, removed)
  return removed.length
}

const removeWindows = (db: Database, before: number): number =>
  db.run(`DELETE FROM windows WHERE seq IN (SELECT seq FROM windows w WHERE ${pastWindows} LIMIT ?2)`, [before, chunk])

const removeTombstones = (db: Database, before: number): number =>
  db.run(
    'DELETE FROM hits WHERE seq IN (SELECT seq FROM hits WHERE window IS NULL AND arrived < ? ORDER BY arrived LIMIT ?)',
    [before, chunk],
  )

/** Takes the content of hits whose window has nothing to tell now; ids and times stay, so that all still counts. */
function emptyHits(db: Database, which: string): number {
  const emptied = db.all<{ seq: number; record: number }>(
    `SELECT h.seq, h.record FROM hits h JOIN windows w ON w.seq = h.window
     WHERE h.record IS NOT NULL AND w.ready IS NULL AND ${which} ORDER BY h.record LIMIT ?`,
    [chunk],
  )
  for (const { seq } of emptied) {
    db.run('UPDATE hits SET record = NULL, severity = NULL, outputs = NULL, body = NULL WHERE seq = ?', [seq])
  }
  removeOrphans(db, emptied)
  return emptied.length
}
