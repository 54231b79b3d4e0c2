import type { Alert, Mode, RateLimits } from '../../core/contracts/index.ts'
import { isDelivered } from '../../core/merge/index.ts'
import { insertAlert } from './alerts.ts'
import type { Database } from './database.ts'
import { enqueue } from './enqueue.ts'
import { createTallies } from './tallies.ts'

/** What transactions bring forth; see `Committed`. */
export interface Emission {
  readonly emitted: { readonly alerts: Alert[]; readonly joined: Map<string, number> }
  /** Stores an alert, unless it is there, with its deliveries. `record`: the row of its record. */
  raise(alert: Alert, record: number, mode: Mode): void
  /** Writes down what was counted. To be called before a transaction ends. */
  flush(): void
}

export function createEmission(db: Database, rates: RateLimits | undefined, now: number): Emission {
  const emitted: Emission['emitted'] = { alerts: [], joined: new Map() }
  const tallies = createTallies(db, rates, now)
  return {
    emitted,
    raise(alert, record, mode) {
      const seq = insertAlert(db, alert, record, now)
      if (seq === undefined) return
      if (isDelivered(mode)) enqueue(db, seq, alert, tallies, now)
      emitted.alerts.push(alert)
    },
    flush: tallies.flush,
  }
}
