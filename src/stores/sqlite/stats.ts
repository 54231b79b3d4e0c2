import type { Database } from './database.ts'

const tables = ['alerts', 'deliveries', 'hits', 'windows', 'records', 'quarantine', 'state', 'counters'] as const

/** Bytes of the file that hold something; what was deleted is not counted. */
export function usedBytes(db: Database): number {
  const pragma = (name: string) => Object.values(db.get<Record<string, number>>(`PRAGMA ${name}`)!)[0]!
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
}

/** Rows by table, and `bytes` in all. */
export function sizes(db: Database): Record<string, number> {
  const counts = tables.map((table) => [table, db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n] as const)
  return { ...Object.fromEntries(counts), bytes: usedBytes(db) }
}
