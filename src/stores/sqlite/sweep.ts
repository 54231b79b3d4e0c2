import type { Retention } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'
import { removeOrphans } from './records.ts'
import { usedBytes } from './stats.ts'

/** Rows removed in one transaction: commits of others come in between. */
const chunk = 1000

/** Removes what is past its age, then the oldest until the bytes fit; answers how many rows went, by table. */
export async function sweep(db: Database, retention: Retention, now: number): Promise<Record<string, number>> {
  const gone: Record<string, number> = {}
  const repeat = async (table: string, step: () => number, goOn: () => boolean = () => true) => {
    while (goOn()) {
      const removed = db.transaction(step)
      if (removed > 0) gone[table] = (gone[table] ?? 0) + removed
      if (removed === 0) return
      await pause()
    }
  }
  await repeat('alerts', () => sweepAlerts(db, now - retention.alertsMs))
  await repeat('quarantine', () => sweepQuarantine(db, now - retention.quarantineMs))
  await repeat('windows', () => sweepWindows(db, now - retention.hitsMs))
  await repeat('hits', () => sweepHits(db, now - retention.hitsMs))
  await repeat('counters', () => db.run('DELETE FROM counters WHERE at < ?', now - retention.alertsMs))

  const tooLarge = () => usedBytes(db) > retention.maxBytes
  await repeat('hits', () => emptyHits(db), tooLarge)
  await repeat('quarantine', () => sweepQuarantine(db, Infinity), tooLarge)
  await repeat('alerts', () => sweepAlerts(db, Infinity), tooLarge)

  db.exec('PRAGMA incremental_vacuum')
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  return gone
}

/** Lets other work of this process go on. */
const pause = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Alerts without a pending delivery, whose window has nothing more to tell. Ids stay known through their hits and windows. */
function sweepAlerts(db: Database, before: number): number {
  const records = db.all<{ record: number }>(
    `DELETE FROM alerts WHERE seq IN (
       SELECT seq FROM alerts a WHERE created < ?
         AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.alert = a.seq AND d.state = 'pending')
         AND NOT EXISTS (SELECT 1 FROM windows w WHERE w.id = a.id AND w.ready IS NOT NULL)
       ORDER BY created LIMIT ?)
     RETURNING record`,
    ...[before, chunk],
  )
  removeOrphans(db, records)
  return records.length
}

const sweepQuarantine = (db: Database, before: number): number =>
  db.run(
    'DELETE FROM quarantine WHERE seq IN (SELECT seq FROM quarantine WHERE stored < ? ORDER BY stored LIMIT ?)',
    ...[before, chunk],
  )

/** Windows that nothing can reach any more, with their hits. */
function sweepWindows(db: Database, before: number): number {
  const old = db.all<{ seq: number }>(
    `SELECT seq FROM windows WHERE arrived < ?1 AND start + 2 * length < ?1 AND ready IS NULL ORDER BY arrived LIMIT 1`,
    before,
  )
  for (const { seq } of old) {
    const hits = db.all<{ record: number | null }>('DELETE FROM hits WHERE window = ? RETURNING record', seq)
    removeOrphans(db, hits)
    db.run('DELETE FROM windows WHERE seq = ?', seq)
  }
  return old.length
}

const sweepHits = (db: Database, before: number): number =>
  db.run(
    'DELETE FROM hits WHERE seq IN (SELECT seq FROM hits WHERE window IS NULL AND arrived < ? ORDER BY arrived LIMIT ?)',
    ...[before, chunk],
  )

/** Takes the content of hits whose windows have nothing more to tell; their ids and times stay, so that all still counts. */
function emptyHits(db: Database): number {
  const seqs = db.all<{ seq: number; record: number }>(
    `SELECT h.seq, h.record FROM hits h JOIN windows w ON w.seq = h.window
     WHERE h.record IS NOT NULL AND w.ready IS NULL AND w.opened = 1 ORDER BY h.seq LIMIT ?`,
    chunk,
  )
  for (const { seq } of seqs)
    db.run('UPDATE hits SET record = NULL, severity = NULL, outputs = NULL, body = NULL WHERE seq = ?', seq)
  removeOrphans(db, seqs)
  return seqs.length
}
