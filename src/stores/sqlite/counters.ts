import type { Count } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'

/** Labels whose values come from logs: whoever writes those could make up any number of them. */
const openLabels: Readonly<Partial<Record<Count['metric'], string>>> = { drift: 'field', rule_errors: 'code' }
/** Counters of such a metric; what comes beyond is counted together, under this value. */
const mostOpen = 5_000
const others = '(others)'

/** Adds to counters: one write for each that is touched, however often. */
export function addCounts(db: Database, counts: Iterable<Count>, now: number): void {
  const sums = new Map<string, { metric: string; labels: string; n: number }>()
  const room = new Map<string, number>()

  /** True where the counter is there, or there is room for one more of its metric. */
  const fits = (metric: string, labels: string): boolean => {
    if (sums.has(`${metric} ${labels}`)) return true
    if (db.get('SELECT 1 FROM counters WHERE metric = ? AND labels = ?', [metric, labels])) return true
    const kept = () => db.get<{ n: number }>('SELECT count(*) AS n FROM counters WHERE metric = ?', [metric])!.n
    const left = room.get(metric) ?? mostOpen - kept()
    room.set(metric, left - 1)
    return left > 0
  }

  for (const { metric, labels, n } of counts) {
    const open = openLabels[metric]
    let text = textOf(labels)
    if (open !== undefined && !fits(metric, text)) text = textOf({ ...labels, [open]: others })
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

const textOf = (labels: Count['labels']) => JSON.stringify(labels, Object.keys(labels).sort())

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
