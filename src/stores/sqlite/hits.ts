import { completes, contributes } from '../../core/merge.ts'
import type { Hit, HitWindow, LogRecord } from '../../core/contracts/index.ts'
import { type Hash, windowId } from '../../core/ids.ts'
import type { Database } from './database.ts'

/** A window as stored; the columns are explained in schema.ts. */
export interface WindowRow {
  readonly seq: number
  readonly id: string
  readonly previous: string
  readonly next: string
  readonly rule: string
  readonly mode: Hit['mode']
  readonly keys: string
  readonly start: number
  readonly length: number
  readonly needs: number
  readonly by_value: number
  readonly by_order: number
  readonly hits: number
  readonly arrived: number
  readonly opened: number
  readonly told: number | null
  readonly ready: number | null
}

/** Stores hits and what they refer to, within one transaction. */
export interface HitWriter {
  /** True when the hit is new. */
  add(hit: Hit): boolean
  /** The row of a record that this writer stored, or that was there. */
  record(record: LogRecord): number
  /** Windows that got new hits, and how many. */
  readonly windows: ReadonlyMap<number, number>
}

export function createHitWriter(db: Database, hash: Hash, now: number): HitWriter {
  const records = new Map<string, number>()
  const windowRows = new Map<string, number>()
  const windows = new Map<number, number>()

  const record = (logRecord: LogRecord): number => {
    const known = records.get(logRecord.id)
    if (known !== undefined) return known
    db.run('INSERT OR IGNORE INTO records (id, body) VALUES (?, ?)', logRecord.id, JSON.stringify(logRecord))
    const { seq } = db.get<{ seq: number }>('SELECT seq FROM records WHERE id = ?', logRecord.id)!
    records.set(logRecord.id, seq)
    return seq
  }

  const windowRow = (hit: Hit, window: HitWindow): number => {
    const key = JSON.stringify([hit.rule, hit.mode, window.start, window.key])
    const known = windowRows.get(key)
    if (known !== undefined) return known
    const seq = storeWindow(db, hash, hit, window, now)
    windowRows.set(key, seq)
    return seq
  }

  return {
    windows,
    record,
    add(hit) {
      if (db.get('SELECT 1 FROM hits WHERE id = ?', hit.id)) return false
      if (!hit.window) {
        db.run('INSERT INTO hits (id, arrived) VALUES (?, ?)', hit.id, now)
        return true
      }
      const seq = windowRow(hit, hit.window)
      storeHit(db, hit, hit.window, seq, record(hit.record), now)
      windows.set(seq, (windows.get(seq) ?? 0) + 1)
      return true
    },
  }
}

function storeWindow(db: Database, hash: Hash, hit: Hit, window: HitWindow, now: number): number {
  const at = (start: number) => windowId(hash, hit.rule, window.key, start, hit.mode)
  const id = at(window.start)
  const known = db.get<{ seq: number }>('SELECT seq FROM windows WHERE id = ?', id)
  if (known) return known.seq
  db.run(
    `INSERT INTO windows (id, previous, next, rule, mode, keys, start, length, needs, by_value, by_order, hits, arrived)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    id,
    at(window.start - window.lengthMs),
    at(window.start + window.lengthMs),
    hit.rule,
    hit.mode,
    JSON.stringify(window.by),
    window.start,
    window.lengthMs,
    window.count,
    window.distinct === undefined ? 0 : 1,
    window.then === undefined ? 0 : 1,
    now,
  )
  return db.get<{ seq: number }>('SELECT seq FROM windows WHERE id = ?', id)!.seq
}

function storeHit(db: Database, hit: Hit, window: HitWindow, seq: number, record: number, now: number): void {
  const { title, description, context } = hit
  db.run(
    `INSERT INTO hits (id, arrived, window, completes, time, record, severity, outputs, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    hit.id,
    now,
    seq,
    completes(window) ? 1 : 0,
    hit.record.time,
    record,
    hit.severity,
    JSON.stringify(hit.outputs),
    JSON.stringify({ title, description, context }),
  )
  if (window.distinct === undefined || !contributes(window)) return
  db.run(
    `INSERT INTO marks (window, value, first, last) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)`,
    seq,
    window.distinct,
    hit.record.time,
    hit.record.time,
  )
}

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

/** The hit that opens a window: the first that may complete it, at `time` if that is given. */
export function openingHit(db: Database, window: WindowRow, time: number | undefined): StoredHit | undefined {
  const row = db.get<HitRow>(
    `SELECT h.severity, h.outputs, h.body, h.record AS record_seq, r.body AS record FROM hits h JOIN records r ON r.seq = h.record
     WHERE h.seq = (SELECT seq FROM hits WHERE window = ? AND completes = 1 AND time >= ? AND record IS NOT NULL ORDER BY time, id LIMIT 1)`,
    window.seq,
    time ?? -Infinity,
  )
  if (!row) return undefined
  return {
    record: row.record_seq,
    hit: {
      rule: window.rule,
      mode: window.mode,
      severity: row.severity,
      outputs: JSON.parse(row.outputs) as string[],
      ...(JSON.parse(row.body) as Pick<Hit, 'title' | 'description' | 'context'>),
      record: JSON.parse(row.record) as LogRecord,
    },
  }
}
