import type { Alert } from '../../core/contracts/index.ts'
import type { Database } from './database.ts'
import type { Tallies } from './tallies.ts'

/** Adds a delivery of a new alert to each of its outputs; see `AlertStore.commit`. `seq`: its row. */
export function enqueue(db: Database, seq: number, alert: Alert, tallies: Pick<Tallies, 'admit'>, now: number): void {
  for (const output of new Set(alert.outputs)) {
    const earlier = alert.updates === undefined ? undefined : deliveryOf(db, alert.updates, output)
    if (earlier) follow(db, seq, alert, output, earlier, now)
    else {
      const digest = tallies.admit(output, alert)
      if (digest === undefined) insert(db, seq, alert, output, { state: 'pending', due: now }, now)
      else insert(db, seq, alert, output, { state: 'digested', due: digest }, now)
    }
  }
}

/** An update goes the way of the alert that it updates. */
function follow(db: Database, seq: number, alert: Alert, output: string, earlier: Earlier, now: number): void {
  const after = lastPending(db, alert.updates!, output)
  if (earlier.state === 'digested') insert(db, seq, alert, output, { state: 'digested', due: earlier.due }, now)
  else insert(db, seq, alert, output, { state: 'pending', due: after === null ? now : never, after }, now)
}

/** The due of what waits for another delivery: settling that one gives it a time (see settle.ts). */
const never = Number.MAX_SAFE_INTEGER

interface Way {
  readonly state: 'pending' | 'digested'
  readonly due: number
  readonly after?: number | null
}

function insert(db: Database, seq: number, alert: Alert, output: string, way: Way, now: number): void {
  db.run('INSERT INTO deliveries (alert, output, rule, state, due, stored, after) VALUES (?, ?, ?, ?, ?, ?, ?)', [
    seq,
    output,
    alert.rule,
    way.state,
    way.due,
    now,
    way.after ?? null,
  ])
}

interface Earlier {
  readonly state: string
  readonly due: number
}

const deliveryOf = (db: Database, id: string, output: string): Earlier | undefined =>
  db.get<Earlier>(
    'SELECT d.state, d.due FROM alerts a JOIN deliveries d ON d.alert = a.seq WHERE a.id = ? AND d.output = ?',
    [id, output],
  )

/** The last of an alert and its updates that is still to be sent to an output. */
const lastPending = (db: Database, id: string, output: string): number | null =>
  db.get<{ alert: number | null }>(
    `SELECT max(d.alert) AS alert FROM (SELECT seq FROM alerts WHERE id = ?1 UNION ALL SELECT seq FROM alerts WHERE updates = ?1) a
     JOIN deliveries d ON d.alert = a.seq WHERE d.output = ?2 AND d.state = 'pending'`,
    [id, output],
  )!.alert
