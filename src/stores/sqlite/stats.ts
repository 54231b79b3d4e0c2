import type { DeliveryState, Overview } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'

const tables = [
  'alerts',
  'deliveries',
  'hits',
  'windows',
  'records',
  'quarantine',
  'state',
  'counters',
  'rates',
] as const

/** Bytes of the file that hold something; what was deleted is not counted. */
export function usedBytes(db: Database): number {
  return (pragma(db, 'page_count') - freePages(db)) * pragma(db, 'page_size')
}

/** Pages of the file that hold nothing. */
export const freePages = (db: Database): number => pragma(db, 'freelist_count')

const pragma = (db: Database, name: string): number =>
  Object.values(db.get<Record<string, number>>(`PRAGMA ${name}`)!)[0]!

/** Rows by table, and `bytes` in all. */
export function sizes(db: Database): Record<string, number> {
  const counts = tables.map((table) => [table, db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n] as const)
  return { ...Object.fromEntries(counts), bytes: usedBytes(db) }
}

interface DeliveryRow {
  readonly output: string
  readonly state: DeliveryState
  readonly count: number
  readonly error: string | null
}

/** See `StatsStore.overview`. SQLite takes the error from the row that has the latest `settled`. */
export function overview(db: Database): Overview {
  const alerts = db.all<{ rule: string; severity: string; staged: number; count: number }>(
    `SELECT rule, severity, staged, count(*) AS count FROM alerts
     WHERE json_extract(body, '$.updates') IS NULL GROUP BY rule, severity, staged ORDER BY count DESC, rule`,
  )
  const deliveries = db.all<DeliveryRow>(
    `SELECT output, state, sum(n) AS count, error, max(latest) FROM (
       SELECT output, state, count(*) AS n, error, max(settled) AS latest FROM deliveries GROUP BY output, state, error
     ) GROUP BY output, state ORDER BY output, state`,
  )
  return {
    alerts: alerts.map((row) => ({ ...row, staged: row.staged === 1 })),
    deliveries: deliveries.map(({ output, state, count, error }) => ({
      output,
      state,
      count,
      ...(error !== null && { error }),
    })),
  }
}
