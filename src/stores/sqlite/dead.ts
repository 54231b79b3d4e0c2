import type { DeadDelivery, DeadQuery } from '../../core/contracts/index.ts'
import { type AlertRow, alertColumns, toAlert } from './alerts.ts'
import type { Database, Value } from './database.ts'

interface Row extends AlertRow {
  readonly output: string
  readonly attempts: number
  readonly error: string | null
  readonly created: number
  readonly settled: number
}

/** See `AlertStore.deadDeliveries`. */
export function deadDeliveries(db: Database, query: DeadQuery): DeadDelivery[] {
  const conditions = ["d.state = 'dead'"]
  const values: Value[] = []
  const where = (condition: string, value: Value | undefined) => {
    if (value === undefined) return
    conditions.push(condition)
    values.push(value)
  }
  where('d.output = ?', query.output)
  where('d.rule = ?', query.rule)
  where('a.id = ?', query.alert)
  where('d.settled < ?', query.before)
  return db
    .all<Row>(
      `SELECT ${alertColumns}, d.output, d.attempts, d.error, a.created, d.settled
       FROM deliveries d JOIN alerts a ON a.seq = d.alert JOIN records r ON r.seq = a.record
       WHERE ${conditions.join(' AND ')} ORDER BY d.settled DESC, d.alert, d.output LIMIT ? OFFSET ?`,
      [...values, query.limit, query.skip ?? 0],
    )
    .map((row) => ({
      alert: toAlert(row),
      output: row.output,
      attempts: row.attempts,
      error: row.error ?? '',
      storedAt: row.created,
      at: row.settled,
    }))
}
