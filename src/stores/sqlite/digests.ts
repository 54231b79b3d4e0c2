import type { Alert, Committed, Severity } from '../../core/contracts/index.ts'
import type { Hash } from '../../core/ids.ts'
import { digestOf, namedAlerts, type Surplus } from '../../core/rates/index.ts'
import { insertAlert } from './alerts.ts'
import type { Database } from './database.ts'
import { enqueue } from './enqueue.ts'
import { insertRecord } from './records.ts'

/** A window of an output that holds what no digest has told. */
interface Open {
  readonly output: string
  readonly since: number
  readonly until: number
}

/** See `AlertStore.raiseDigests`. */
export function raiseDigests(
  db: Database,
  hash: Hash,
  { now, all }: { readonly now: number; readonly all: boolean },
): Committed {
  // Looking costs no write lock.
  const ends = (until: number) =>
    db.all<Open>(
      `SELECT DISTINCT output, since, until FROM rates WHERE surplus > digested AND until <= ? ORDER BY until, output`,
      [until],
    )
  const last = all ? Number.MAX_SAFE_INTEGER : now
  const alerts =
    ends(last).length === 0
      ? []
      : db.transaction(() => {
          return ends(last).flatMap((open) => raise(db, hash, open, now))
        })
  const next = db.get<{ at: number | null }>('SELECT min(until) AS at FROM rates WHERE surplus > digested')!.at
  return { alerts, joined: new Map(), ...(next !== null && { nextClose: next }) }
}

function raise(db: Database, hash: Hash, open: Open, now: number): Alert[] {
  const { surplus, first } = surplusOf(db, open)
  db.run('UPDATE rates SET digested = surplus WHERE output = ? AND until = ?', [open.output, open.until])
  const digest = digestOf({ ...surplus, cluster: first?.cluster ?? '' }, hash, now)
  const seq = insertAlert(db, digest, insertRecord(db, digest.record), now)
  if (seq === undefined) return []
  enqueue(db, seq, digest, { admit: () => undefined }, now)
  return [digest]
}

function surplusOf(db: Database, { output, since, until }: Open) {
  const counts = db.all<{ rule: string; severity: Severity; count: number; digested: number }>(
    `SELECT rule, severity, surplus AS count, digested FROM rates WHERE output = ? AND until = ? AND surplus > 0`,
    [output, until],
  )
  const held = db.all<{ id: string; cluster: string }>(
    `SELECT a.id, a.cluster FROM deliveries d JOIN alerts a ON a.seq = d.alert
     WHERE d.output = ? AND d.due = ? AND d.state = 'digested' AND a.updates IS NULL ORDER BY d.alert LIMIT ?`,
    [output, until, namedAlerts],
  )
  const again = counts.some(({ digested }) => digested > 0)
  const surplus: Omit<Surplus, 'cluster'> = {
    ...{ output, from: since, until, again },
    counts: counts.map(({ rule, severity, count }) => ({ rule, severity, count })),
    alerts: held.map(({ id }) => id),
  }
  return { surplus, first: held[0] }
}
