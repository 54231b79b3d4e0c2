import type { Alert, AlertQuery, DeliveryState, LogRecord, StoredAlert } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Database, Value } from './database.ts'

/** Stores an alert once; answers its row, or undefined when it was there. `record`: the row of its record. */
export function insertAlert(db: Database, alert: Alert, record: number, now: number): number | undefined {
  const { record: _, ...body } = alert
  return db.insert(
    `INSERT OR IGNORE INTO alerts (seq, id, rule, cluster, severity, created, staged, record, updates, body)
     VALUES (${nextSeq}, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      alert.id,
      alert.rule,
      alert.cluster,
      alert.severity,
      now,
      alert.staged ? 1 : 0,
      record,
      alert.updates ?? null,
      JSON.stringify(body),
    ],
  )
}

/** SQLite alone would give the number of the last alert again once that one was swept. */
const nextSeq = '(SELECT max(ifnull((SELECT max(seq) FROM alerts), 0), (SELECT seq FROM swept)) + 1)'

/** The columns that `toAlert` reads. */
export const alertColumns = 'a.seq, a.body, r.body AS record'
export const alertTables = 'alerts a JOIN records r ON r.seq = a.record'

export interface AlertRow {
  readonly seq: number
  readonly body: string
  readonly record: string
}

export function toAlert(row: AlertRow): Alert {
  return { ...(JSON.parse(row.body) as Omit<Alert, 'record'>), record: JSON.parse(row.record) as LogRecord }
}

/** Newest first. */
export function queryAlerts(db: Database, query: AlertQuery): StoredAlert[] {
  const { conditions, values } = conditionsOf(query)
  const rows = db.all<AlertRow>(
    `SELECT ${alertColumns} FROM ${alertTables} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY a.seq DESC LIMIT ? OFFSET ?`,
    [...values, query.limit, query.skip ?? 0],
  )
  return rows.map((row) => toStored(db, row))
}

/** See `AlertStore.alertsAfter`. */
export function alertsAfter(db: Database, after: number, limit: number): { alerts: Alert[]; last: number } {
  const rows = db.all<AlertRow>(`SELECT ${alertColumns} FROM ${alertTables} WHERE a.seq > ? ORDER BY a.seq LIMIT ?`, [
    after,
    limit,
  ])
  return { alerts: rows.map(toAlert), last: rows.at(-1)?.seq ?? after }
}

/** See `AlertStore.lastAlert`. */
export const lastAlert = (db: Database): number => db.get<{ n: number }>(`SELECT ${nextSeq} - 1 AS n`)!.n

/** See `AlertStore.countAlerts`. The conditions on staged alerts are those of the index `alerts_staged`. */
export function countAlerts(db: Database, query: AlertQuery): number {
  const { conditions, values } = conditionsOf(query)
  const where = [...conditions, "json_extract(a.body, '$.updates') IS NULL"].join(' AND ')
  const counted = `SELECT count(*) AS n FROM (SELECT 1 FROM alerts a WHERE ${where} LIMIT ?)`
  return db.get<{ n: number }>(counted, [...values, query.limit])!.n
}

function conditionsOf(query: AlertQuery): { conditions: readonly string[]; values: readonly Value[] } {
  const conditions: string[] = []
  const values: Value[] = []
  const where = (condition: string, value: Value | undefined) => {
    if (value === undefined) return
    conditions.push(condition)
    values.push(value)
  }
  where('a.rule = ?', query.rule)
  where('a.cluster = ?', query.cluster)
  where('a.severity = ?', query.severity)
  where('a.created >= ?', query.since)
  if (query.digested) {
    conditions.push(`a.seq IN (SELECT alert FROM deliveries WHERE output = ? AND due = ? AND state = 'digested')`)
    values.push(query.digested.output, query.digested.until)
  }
  if (query.staged !== undefined) conditions.push(`a.staged = ${query.staged ? 1 : 0}`)
  return { conditions, values }
}

/** By id, or by a prefix that only one alert has. Throws AMBIGUOUS. */
export function findAlert(db: Database, id: string): StoredAlert | undefined {
  const exact = db.get<AlertRow>(`SELECT ${alertColumns} FROM ${alertTables} WHERE a.id = ?`, [id])
  if (exact) return toStored(db, exact)
  if (id.length < 4) return undefined
  const found = db.all<AlertRow>(`SELECT ${alertColumns} FROM ${alertTables} WHERE a.id >= ? AND a.id < ? LIMIT 2`, [
    id,
    `${id}\u{10ffff}`,
  ])
  if (found.length > 1) {
    throw new CodedError('AMBIGUOUS', `More than one alert has an id that begins with "${id}".`, {
      hint: 'Write more of the id.',
    })
  }
  return found[0] && toStored(db, found[0])
}

interface DeliveryRow {
  readonly output: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly error: string | null
  readonly settled: number | null
  readonly receipt: string | null
}

function toStored(db: Database, row: AlertRow): StoredAlert {
  const deliveries = db.all<DeliveryRow>(
    'SELECT output, state, attempts, error, settled, receipt FROM deliveries WHERE alert = ? ORDER BY output',
    [row.seq],
  )
  return {
    alert: toAlert(row),
    deliveries: deliveries.map(({ output, state, attempts, error, settled, receipt }) => ({
      output,
      state,
      attempts,
      ...(error !== null && { error }),
      ...(settled !== null && { at: settled }),
      ...(receipt !== null && { receipt }),
    })),
  }
}
