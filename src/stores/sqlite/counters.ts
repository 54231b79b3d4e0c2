import type { Count } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'

/** Adds to counters: one write for each that is touched, however often. */
export function addCounts(db: Database, counts: Iterable<Count>, now: number): void {
  const sums = new Map<string, { metric: string; labels: string; n: number }>()
  for (const { metric, labels, n } of counts) {
    const text = JSON.stringify(labels, Object.keys(labels).sort())
    const key = `${metric} ${text}`
    const sum = sums.get(key)
    if (sum) sum.n += n
    else sums.set(key, { metric, labels: text, n })
  }
  for (const { metric, labels, n } of sums.values()) {
    db.run(
      `INSERT INTO counters (metric, labels, n, at) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET n = n + excluded.n, at = max(at, excluded.at)`,
      [metric, labels, n, now],
    )
  }
}

interface CounterRow {
  readonly metric: Count['metric']
  readonly labels: string
  readonly n: number
  readonly at: number
}

/** Counters of one metric, or all. */
export function readCounts(db: Database, metric: string | undefined): (Count & { at: number })[] {
  const rows =
    metric === undefined
      ? db.all<CounterRow>('SELECT metric, labels, n, at FROM counters ORDER BY metric, labels')
      : db.all<CounterRow>('SELECT metric, labels, n, at FROM counters WHERE metric = ? ORDER BY labels', [metric])
  return rows.map((row) => ({ ...row, labels: JSON.parse(row.labels) as Record<string, string> }))
}
