import type { LogRecord } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'

/** Stores a record once; answers its row. */
export function insertRecord(db: Database, record: LogRecord): number {
  const body = JSON.stringify(record)
  const made = db.insert('INSERT OR IGNORE INTO records (id, body) VALUES (?, ?)', [record.id, body])
  return made ?? db.get<{ seq: number }>('SELECT seq FROM records WHERE id = ?', [record.id])!.seq
}

/** Removes those of the records that nothing refers to any more. */
export function removeOrphans(db: Database, rows: readonly { readonly record: number | null }[]): void {
  for (const record of new Set(rows.map((row) => row.record))) {
    if (record === null) continue
    db.run(
      `DELETE FROM records WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM hits WHERE record = ?1)
         AND NOT EXISTS (SELECT 1 FROM alerts WHERE record = ?1)`,
      [record],
    )
  }
}
