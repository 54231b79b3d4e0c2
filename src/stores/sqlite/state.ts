import type { StateEntry } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'

export const readState = (db: Database, key: string): string | undefined =>
  db.get<{ value: string }>('SELECT value FROM state WHERE key = ?', [key])?.value

export function writeState(db: Database, { key, value }: StateEntry): void {
  db.run('INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', [key, value])
}

/** Sets a value if the present one is `expected`; answers whether it did. */
export function replaceState(db: Database, { key, value }: StateEntry, expected: string | undefined): boolean {
  return expected === undefined
    ? db.run('INSERT OR IGNORE INTO state (key, value) VALUES (?, ?)', [key, value]) > 0
    : db.run('UPDATE state SET value = ? WHERE key = ? AND value = ?', [value, key, expected]) > 0
}

export const listState = (db: Database, prefix: string): StateEntry[] =>
  db
    .all<{ key: string; value: string }>('SELECT key, value FROM state WHERE key >= ? AND key < ? ORDER BY key', [
      prefix,
      `${prefix}\u{10ffff}`,
    ])
    .map(({ key, value }) => ({ key, value }))

export function deleteState(db: Database, keys: readonly string[]): void {
  db.transaction(() => {
    for (const key of keys) db.run('DELETE FROM state WHERE key = ?', [key])
  })
}
