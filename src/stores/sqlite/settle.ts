import type { Settlement } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'

/** Writes down what became of claims; see `AlertStore.settle`. */
export function settle(db: Database, settlements: readonly Settlement[], now: number): void {
  if (settlements.length === 0) return
  db.transaction(() => {
    for (const settlement of settlements) settleOne(db, settlement, now)
  })
}

const pair = `alert = (SELECT seq FROM alerts WHERE id = ?) AND output = ?`

function settleOne(db: Database, settlement: Settlement, now: number): void {
  const { alert, output, state, retryAt, error, lease } = settlement
  if (state !== 'sent' && lease !== undefined && !isHeld(db, settlement, lease)) return
  if (state !== 'pending') end(db, settlement, now)
  else if (error !== undefined) {
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

/** True while nobody else has claimed the delivery since, nor ended it. */
const isHeld = (db: Database, { alert, output }: Settlement, lease: number): boolean =>
  db.get(`SELECT 1 FROM deliveries WHERE ${pair} AND state = 'pending' AND due = ?`, [alert, output, lease]) !==
  undefined

/** Ends a delivery, and lets those go on that waited for it. */
function end(db: Database, { alert, output, state, error, receipt }: Settlement, now: number): void {
  db.run(
    `UPDATE deliveries SET state = ?, attempts = attempts + 1, settled = ?, error = ?, receipt = ?
     WHERE ${pair} AND state IN ('pending', 'dead')`,
    [state, now, error ?? null, receipt ?? null, alert, output],
  )
  db.run(
    `UPDATE deliveries SET after = NULL, due = ?, stored = ?
     WHERE after = (SELECT seq FROM alerts WHERE id = ?) AND output = ?`,
    [now, now, alert, output],
  )
}
