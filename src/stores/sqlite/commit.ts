import type { Commit, Committed } from '../../core/contracts/index.ts'
import type { Hash } from '../../core/ids.ts'
import { alertOf, isDelivered } from '../../core/merge.ts'
import { insertAlert } from './alerts.ts'
import { addCounts } from './counters.ts'
import type { Database } from './database.ts'
import { createHitWriter } from './hits.ts'
import { insertEntry } from './quarantine.ts'
import { writeState } from './state.ts'
import { foldWindows, nothingEmitted } from './windows.ts'

/** Stores results and folds their hits into alerts, in one transaction; see `AlertStore.commit`. */
export function commit(db: Database, hash: Hash, { results, state, now }: Commit): Committed {
  return db.transaction(() => {
    const emitted = nothingEmitted()
    const writer = createHitWriter(db, hash, now)
    for (const { hits, quarantine } of results) {
      for (const hit of hits) {
        if (!writer.add(hit) || hit.window) continue
        const alert = alertOf(hit.id, hit, now)
        if (insertAlert(db, alert, writer.record(hit.record), isDelivered(hit.mode), now)) emitted.alerts.push(alert)
      }
      for (const entry of quarantine) insertEntry(db, entry, now)
    }
    foldWindows(db, writer.windows, now, emitted)
    addCounts(
      db,
      results.flatMap((result) => result.counts),
      now,
    )
    for (const entry of state) writeState(db, entry)
    return emitted
  })
}
