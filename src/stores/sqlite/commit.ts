import type { Commit, Committed, Hit } from '../../core/contracts/index.ts'
import type { Hash } from '../../core/ids.ts'
import { alertOf, isDelivered } from '../../core/merge/index.ts'
import { insertAlert } from './alerts.ts'
import { addCounts } from './counters.ts'
import type { Database } from './database.ts'
import { isKnown, type WindowedHit } from './hits.ts'
import { insertEntry } from './quarantine.ts'
import { insertRecord } from './records.ts'
import { writeState } from './state.ts'
import { type Emitted, foldHits, nothingEmitted } from './windows.ts'

/** Stores results and folds their hits into alerts, in one transaction; see `AlertStore.commit`. */
export function commit(db: Database, hash: Hash, { results, state, now }: Commit): Committed {
  return db.transaction(() => {
    const emitted = nothingEmitted()
    const windowed = new Map<string, WindowedHit>()
    for (const { hits, quarantine } of results) {
      for (const hit of hits) {
        if (windowed.has(hit.id) || isKnown(db, hit.id)) continue
        if (hit.seenAs !== undefined && isKnown(db, hit.seenAs)) continue
        if (isWindowed(hit)) windowed.set(hit.id, hit)
        else raise(db, hit, now, emitted)
      }
      for (const entry of quarantine) insertEntry(db, entry, now)
    }
    foldHits(db, hash, [...windowed.values()], now, emitted)
    addCounts(
      db,
      results.flatMap((result) => result.counts),
      now,
    )
    for (const entry of state) writeState(db, entry)
    return emitted
  })
}

const isWindowed = (hit: Hit): hit is WindowedHit => hit.window !== undefined

/** A hit without a window is an alert of its own. */
function raise(db: Database, hit: Hit, now: number, emitted: Emitted): void {
  const alert = alertOf(hit.id, hit, now)
  if (insertAlert(db, alert, insertRecord(db, hit.record), isDelivered(hit.mode), now)) emitted.alerts.push(alert)
}
