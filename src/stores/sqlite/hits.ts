import type { Hit, HitWindow, LogRecord } from '../../core/contracts/index.ts'
import { type Hash, windowId } from '../../core/ids.ts'
import { completes, contributes, isThreshold } from '../../core/merge/index.ts'
import type { Database } from './database.ts'

/** A hit that falls into a window. */
export type WindowedHit = Hit & { readonly window: HitWindow }

/** A window as stored; the columns are explained in schema.ts. */
export interface WindowRow {
  readonly seq: number
  readonly id: string
  readonly previous: string | null
  readonly next: string | null
  readonly rule: string
  readonly mode: Hit['mode']
  readonly keys: string
  readonly start: number
  readonly length: number
  readonly needs: number
  readonly by_value: number
  readonly by_order: number
  readonly most: number | null
  readonly hits: number
  readonly arrived: number
  readonly opened: number
  readonly told: number | null
  readonly ready: number | null
}

/** True when the hit, or its alert, was stored before. */
export const isKnown = (db: Database, id: string): boolean =>
  db.get('SELECT 1 FROM hits WHERE id = ?1 UNION ALL SELECT 1 FROM alerts WHERE id = ?1', [id]) !== undefined

/** The row of a hit's window, made if it is not there. */
export function windowRow(db: Database, hash: Hash, { rule, mode, window }: WindowedHit, now: number): WindowRow {
  const at = (start: number) => windowId(hash, rule, window.key, start, mode)
  const { start, lengthMs } = window
  const known = db.get<WindowRow>('SELECT * FROM windows WHERE id = ?', [at(start)])
  if (known) return known
  const row = {
    id: at(start),
    previous: isThreshold(window) ? at(start - lengthMs) : null,
    next: isThreshold(window) ? at(start + lengthMs) : null,
    rule,
    mode,
    keys: JSON.stringify(window.by),
    start,
    length: lengthMs,
    needs: window.count,
    by_value: window.distinct === undefined ? 0 : 1,
    by_order: window.then === undefined ? 0 : 1,
    most: window.limit ?? null,
    hits: 0,
    arrived: now,
  }
  const seq = db.insert(
    `INSERT INTO windows (id, previous, next, rule, mode, keys, start, length, needs, by_value, by_order, most, hits, arrived)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    Object.values(row),
  )!
  return { ...row, seq, opened: 0, told: null, ready: null }
}

/** Stores a new hit. `window` and `record`: the rows it refers to. */
export function insertHit(
  db: Database,
  hash: Hash,
  hit: WindowedHit,
  { window, record }: { readonly window: number; readonly record: number },
  now: number,
): void {
  const { title, description, context } = hit
  const { time } = hit.record
  db.insert(
    `INSERT INTO hits (id, arrived, window, completes, time, record, severity, outputs, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      hit.id,
      now,
      window,
      completes(hit.window) ? 1 : 0,
      time,
      record,
      hit.severity,
      JSON.stringify(hit.outputs),
      JSON.stringify({ title, description, context }),
    ],
  )
  if (hit.window.distinct === undefined || !contributes(hit.window)) return
  db.insert(
    `INSERT INTO marks (window, value, first, last) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)`,
    [window, shortened(hash, hit.window.distinct), time, time],
  )
}

/** A long value is known by its hash. */
const shortened = (hash: Hash, value: string): string => (value.length > 64 ? hash(value) : value)

interface HitRow {
  readonly severity: Hit['severity']
  readonly outputs: string
  readonly body: string
  readonly record_seq: number
  readonly record: string
}

/** A stored hit as the fold needs it, with the row of its record. */
export interface StoredHit {
  readonly hit: Omit<Hit, 'id' | 'window'>
  readonly record: number
}

/** The first hit of a window that may complete it, at `time` or later, and still has its content (see sweep.ts). */
export function openingHit(db: Database, window: WindowRow, time: number): StoredHit | undefined {
  const row = db.get<HitRow>(
    `SELECT h.severity, h.outputs, h.body, h.record AS record_seq, r.body AS record
     FROM hits h JOIN records r ON r.seq = h.record
     WHERE h.seq = (SELECT seq FROM hits WHERE window = ? AND completes = 1 AND time >= ? AND record IS NOT NULL
                    ORDER BY time, id LIMIT 1)`,
    [window.seq, time],
  )
  if (!row) return undefined
  const body = JSON.parse(row.body) as Pick<Hit, 'title' | 'description' | 'context'>
  const record = JSON.parse(row.record) as LogRecord
  const outputs = JSON.parse(row.outputs) as string[]
  const { rule, mode } = window
  return { hit: { rule, mode, severity: row.severity, outputs, ...body, record }, record: row.record_seq }
}
