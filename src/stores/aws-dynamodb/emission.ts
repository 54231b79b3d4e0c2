import type { Alert, Mode, RateLimits } from '../../core/contracts/index.ts'
import { isDelivered } from '../../core/merge/index.ts'
import { packedAlert } from './bodies.ts'
import { expires, type Db } from './db.ts'
import { enqueue, type Wanted } from './enqueue.ts'
import { alertKey, rootKey } from './layout.ts'
import { append } from './log.ts'
import { sideBySide } from './table.ts'

export interface Raised {
  readonly alert: Alert
  readonly mode: Mode
}

/**
 * Stores alerts: each by itself, then its deliveries, then a line in the log. Answers those that were not there. All of it can be
 * repeated, and whoever calls writes down that it is done only afterwards (as a hit's mark, as a window's `opened` or `told`):
 * a crash at any point leaves it to be repeated.
 */
export async function raise(
  db: Db,
  raised: readonly Raised[],
  now: number,
  rates: RateLimits | undefined,
): Promise<Alert[]> {
  if (raised.length === 0) return []
  const isNew = await sideBySide(raised, async ({ alert }) => {
    const { updates } = alert
    const kept = expires(now, db.kept.alertsMs)
    if (updates !== undefined) await db.table.add({ ...rootKey(alert.id), root: updates, ...kept })
    return db.table.add({ ...alertKey(alert.id), ...(await packedAlert(db, alert)), stored: now, ...kept })
  })
  const wanted = raised.flatMap(({ alert, mode }, n): Wanted[] =>
    isDelivered(mode) ? [...new Set(alert.outputs)].map((output) => ({ alert, output, nth: n, isNew: isNew[n]! })) : [],
  )
  await enqueue(db, wanted, now, rates)
  const alerts = raised.map(({ alert }) => alert)
  await append(db, alerts, now)
  return alerts.filter((_, n) => isNew[n])
}
