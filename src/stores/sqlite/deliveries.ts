import type { Claim, Settlement } from '../../core/contracts/index.ts'
import { type AlertRow, alertColumns, alertTables, toAlert } from './alerts.ts'
import type { Database } from './database.ts'

interface Waiting {
  readonly alert: number
  readonly due: number
  readonly attempts: number
  readonly stored: number
}

/**
 * Leases due deliveries. A lease is nothing but a later `due`: a dispatcher that dies leaves nothing to clean up.
 * Rules take turns, so that one rule's flood does not delay another's alert; within a rule the oldest goes first.
 */
export function claim(
  db: Database,
  { output, now, limit, leaseMs }: { output: string; now: number; limit: number; leaseMs: number },
): Claim[] {
  const dueRules = () =>
    db
      .all<{ rule: string; due: number | null }>(
        `SELECT rule, (SELECT min(due) FROM deliveries d WHERE d.output = b.output AND d.rule = b.rule AND d.state = 'pending') AS due
         FROM backlog b WHERE output = ? AND n > 0`,
        [output],
      )
      .filter((entry): entry is { rule: string; due: number } => entry.due !== null && entry.due <= now)
      .sort((one, other) => one.due - other.due)
      .map((entry) => entry.rule)
  // Looking costs no write lock.
  if (limit < 1 || dueRules().length === 0) return []
  return db.transaction(() => {
    const turns: Waiting[][] = []
    let rules = dueRules()
    for (let left = limit; left > 0 && rules.length > 0; ) {
      const share = Math.ceil(left / rules.length)
      const more: string[] = []
      for (const rule of rules) {
        const rows = lease(db, output, rule, now, now + leaseMs, Math.min(share, left))
        left -= rows.length
        turns.push(rows)
        if (rows.length === share) more.push(rule)
        if (left === 0) break
      }
      rules = more
    }
    return interleave(turns).map((waiting) => ({
      alert: toAlert(db.get<AlertRow>(`SELECT ${alertColumns} FROM ${alertTables} WHERE a.seq = ?`, [waiting.alert])!),
      output,
      attempts: waiting.attempts,
      storedAt: waiting.stored,
    }))
  })
}

function lease(db: Database, output: string, rule: string, now: number, until: number, limit: number): Waiting[] {
  const rows = db.all<Waiting>(
    `SELECT alert, due, attempts, stored FROM deliveries
     WHERE output = ? AND rule = ? AND state = 'pending' AND due <= ? ORDER BY due, alert LIMIT ?`,
    [output, rule, now, limit],
  )
  for (const { alert } of rows)
    db.run('UPDATE deliveries SET due = ? WHERE alert = ? AND output = ?', [until, alert, output])
  return rows
}

/** The first of each, then the second of each, and so on. */
function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  const result: T[] = []
  for (let at = 0; at < longest; at++) {
    for (const list of lists) if (at < list.length) result.push(list[at]!)
  }
  return result
}

/** Makes all that waits due: whoever leased it is gone when a new engine takes the file, and waits begin anew with it. */
export function endLeases(db: Database): void {
  db.run(`UPDATE deliveries SET due = stored WHERE state = 'pending' AND due > stored`)
}

/** Writes down what became of claims; see `AlertStore.settle`. */
export function settle(db: Database, settlements: readonly Settlement[], now: number): void {
  if (settlements.length === 0) return
  db.transaction(() => {
    for (const settlement of settlements) settleOne(db, settlement, now)
  })
}

const pair = `alert = (SELECT seq FROM alerts WHERE id = ?) AND output = ?`

function settleOne(db: Database, { alert, output, state, retryAt, error }: Settlement, now: number): void {
  if (state !== 'pending') {
    db.run(
      `UPDATE deliveries SET state = ?, attempts = attempts + 1, settled = ?, error = ? WHERE ${pair} AND state <> 'sent'`,
      [state, now, error ?? null, alert, output],
    )
  } else if (error !== undefined) {
    db.run(
      `UPDATE deliveries SET due = ?, attempts = attempts + 1, settled = ?, error = ? WHERE ${pair} AND state = 'pending'`,
      [retryAt ?? now, now, error, alert, output],
    )
  } else {
    db.run(`UPDATE deliveries SET due = ? WHERE ${pair} AND state = 'pending'`, [retryAt ?? now, alert, output])
    db.run(
      `UPDATE deliveries SET state = 'pending', due = ?, attempts = 0, stored = ? WHERE ${pair} AND state = 'dead'`,
      [retryAt ?? now, now, alert, output],
    )
  }
}

/** See `AlertStore.due`. */
export function due(db: Database): { output: string; count: number; at: number }[] {
  return db.all(
    `SELECT output, sum(n) AS count, min(due) AS at FROM (
       SELECT output, n, (SELECT min(due) FROM deliveries d WHERE d.output = b.output AND d.rule = b.rule AND d.state = 'pending') AS due
       FROM backlog b WHERE n > 0
     ) GROUP BY output ORDER BY output`,
  )
}
