import type { Count, StatsStore } from '../../core/contracts/index.ts'
import type { Db } from './db.ts'
import { counterKey } from './layout.ts'
import { listOf, sideBySide } from './table.ts'

/** Adds to counters. It is the last that a commit does: after a crash, counts of what is stored may be missing, and none is doubled. */
export async function addCounts(db: Db, counts: readonly Count[], now: number): Promise<void> {
  const sums = new Map<string, { metric: string; labels: string; n: number }>()
  for (const { metric, labels, n } of counts) {
    const text = JSON.stringify(labels, Object.keys(labels).toSorted())
    const id = `${metric} ${text}`
    sums.set(id, { metric, labels: text, n: n + (sums.get(id)?.n ?? 0) })
  }
  await sideBySide([...sums.values()], ({ metric, labels, n }) =>
    db.table.update(counterKey(metric, db.hash(labels).slice(0, 32)), {
      set: { at: now, metric, labels },
      add: { n },
    }),
  )
}

/** See `StatsStore.counts`. */
export async function counts(db: Db, metric?: string): ReturnType<StatsStore['counts']> {
  const prefix = metric === undefined ? undefined : `${metric}#`
  const items = await listOf(db.table.query({ pk: 'counts', ...(prefix !== undefined && { prefix }) }))
  return items.map((item) => ({
    metric: item['metric'] as Count['metric'],
    labels: JSON.parse(String(item['labels'])) as Record<string, string>,
    n: Number(item['n']),
    at: Number(item['at']),
  }))
}
