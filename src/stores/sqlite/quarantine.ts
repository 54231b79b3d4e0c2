import type { QuarantineEntry, QuarantineGroup, QuarantineQuery } from '../../core/contracts/index.ts'
import { addCounts } from './counters.ts'
import type { Database, Value } from './database.ts'

/** Stores an entry once. */
export function insertEntry(db: Database, entry: QuarantineEntry, now: number): void {
  const { raw, ...body } = entry
  db.run(
    `INSERT OR IGNORE INTO quarantine (id, stored, kind, reason, about, schema, body, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      entry.id,
      now,
      entry.kind,
      entry.reason,
      entry.rule ?? entry.nearest?.schema ?? '',
      entry.nearest?.schema ?? entry.schema ?? null,
      JSON.stringify(body),
      raw,
    ],
  )
}

interface EntryRow {
  readonly body: string
  readonly raw: Uint8Array
}

const toEntry = (row: EntryRow): QuarantineEntry => ({
  ...(JSON.parse(row.body) as Omit<QuarantineEntry, 'raw'>),
  raw: row.raw,
})

/** Newest first. An id may be a prefix of at least 4 characters. */
export function queryEntries(db: Database, query: QuarantineQuery): QuarantineEntry[] {
  const conditions: string[] = []
  const values: Value[] = []
  const where = (condition: string, ...given: (Value | undefined)[]) => {
    if (given[0] === undefined) return
    conditions.push(condition)
    values.push(...(given as Value[]))
  }
  if (query.id !== undefined && query.id.length >= 4) where('id >= ? AND id < ?', query.id, `${query.id}\u{10ffff}`)
  else where('id = ?', query.id)
  where('id IN (SELECT value FROM json_each(?))', query.ids && JSON.stringify(query.ids))
  where('kind = ?', query.kind)
  where('reason = ?', query.reason)
  where('schema = ?', query.schema)
  where("kind = 'verdict' AND about = ?", query.rule)
  return db
    .all<EntryRow>(
      `SELECT body, raw FROM quarantine ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
       ORDER BY seq DESC LIMIT ? OFFSET ?`,
      [...values, query.limit, query.skip ?? 0],
    )
    .map(toEntry)
}

interface GroupRow extends EntryRow {
  readonly kind: QuarantineEntry['kind']
  readonly reason: string
  readonly about: string
  readonly n: number
}

/** The largest first. */
export function groupEntries(db: Database): QuarantineGroup[] {
  return db
    .all<GroupRow>(
      `SELECT g.kind, g.reason, g.about, g.n, q.body, q.raw
       FROM (SELECT kind, reason, about, count(*) AS n, max(seq) AS seq FROM quarantine GROUP BY kind, reason, about) g
       JOIN quarantine q ON q.seq = g.seq ORDER BY g.n DESC, g.kind, g.reason, g.about`,
    )
    .map((row) => ({
      kind: row.kind,
      reason: row.reason,
      ...(row.about !== '' && { about: row.about }),
      count: row.n,
      sample: toEntry(row),
    }))
}

/** Removes entries and counts them as retried, by kind and reason. */
export function releaseEntries(db: Database, ids: readonly string[], now: number): void {
  db.transaction(() => {
    for (const id of ids) {
      const gone = db.all<{ kind: string; reason: string }>(
        'DELETE FROM quarantine WHERE id = ? RETURNING kind, reason',
        [id],
      )
      addCounts(
        db,
        gone.map((labels) => ({ metric: 'retried', labels: { ...labels }, n: 1 })),
        now,
      )
    }
  })
}
