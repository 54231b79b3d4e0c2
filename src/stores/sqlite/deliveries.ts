import type { Claim } from '../../core/contracts/index.ts'
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
      .all<{ rule: string; due: number | null; served: number }>(
        `SELECT rule, served, (SELECT min(due) FROM deliveries d WHERE d.output = b.output AND d.rule = b.rule AND d.state = 'pending') AS due
         FROM backlog b WHERE output = ? AND n > 0`,
        [output],
      )
      .filter((entry): entry is typeof entry & { due: number } => entry.due !== null && entry.due <= now)
      .sort((one, other) => one.served - other.served || one.due - other.due)
      .map((entry) => entry.rule)
  // Looking costs no write lock.
  if (limit < 1 || dueRules().length === 0) return []
  const until = now + leaseMs
  return db.transaction(() => {
    const turns: Waiting[][] = []
    let rules = dueRules()
    for (let left = limit; left > 0 && rules.length > 0; ) {
      const share = Math.ceil(left / rules.length)
      const more: string[] = []
      for (const rule of rules) {
        const rows = lease(db, output, rule, now, until, Math.min(share, left))
        left -= rows.length
        if (rows.length > 0) serve(db, output, rule)
        turns.push(rows)
        if (rows.length === share) more.push(rule)
        if (left === 0) break
      }
      rules = more
    }
    return interleave(turns).map((waiting) => claimOf(db, output, waiting, until))
  })
}

/** The rule whose turn was longest ago is the next, also when a claim is too small for all of them. */
const serve = (db: Database, output: string, rule: string) =>
  db.run(
    `UPDATE backlog SET served = (SELECT max(served) + 1 FROM backlog WHERE output = ?1) WHERE output = ?1 AND rule = ?2`,
    [output, rule],
  )

function claimOf(db: Database, output: string, { alert: seq, attempts, stored }: Waiting, lease: number): Claim {
  const alert = toAlert(db.get<AlertRow>(`SELECT ${alertColumns} FROM ${alertTables} WHERE a.seq = ?`, [seq])!)
  const earlier = alert.updates === undefined ? undefined : receiptOf(db, alert.updates, output)
  return { alert, output, attempts, lease, storedAt: stored, ...(earlier !== undefined && { earlier }) }
}

/** The first receipt that an alert or its updates got from an output. */
const receiptOf = (db: Database, id: string, output: string): string | undefined =>
  db.get<{ receipt: string }>(
    `SELECT d.receipt FROM (SELECT seq FROM alerts WHERE id = ?1 UNION ALL SELECT seq FROM alerts WHERE updates = ?1) a
     JOIN deliveries d ON d.alert = a.seq WHERE d.output = ?2 AND d.receipt IS NOT NULL ORDER BY d.alert LIMIT 1`,
    [id, output],
  )?.receipt

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
  db.run(`UPDATE deliveries SET due = stored WHERE state = 'pending' AND after IS NULL AND due > stored`)
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
