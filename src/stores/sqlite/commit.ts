import type { Commit, Committed, Hit } from '../../core/contracts/index.ts'
import type { Hash } from '../../core/ids.ts'
import { alertOf } from '../../core/merge/index.ts'
import { addCounts } from './counters.ts'
import type { Database } from './database.ts'
import { createEmission, type Emission } from './emission.ts'
import { isKnown, type WindowedHit } from './hits.ts'
import { insertEntry } from './quarantine.ts'
import { insertRecord } from './records.ts'
import { writeState } from './state.ts'
import { foldHits } from './windows.ts'

/** Stores results and folds their hits into alerts, in one transaction; see `AlertStore.commit`. */
export function commit(db: Database, hash: Hash, { results, state, now, rates }: Commit): Committed {
  const emission = createEmission(db, rates, now)
  return db.transaction(() => {
    const windowed = new Map<string, WindowedHit>()
    for (const { hits, quarantine } of results) {
      for (const hit of hits) {
        if (windowed.has(hit.id) || isKnown(db, hit.id)) continue
        if (hit.seenAs !== undefined && isKnown(db, hit.seenAs)) continue
        if (isWindowed(hit)) windowed.set(hit.id, hit)
        else raise(db, hit, now, emission)
      }
      for (const entry of quarantine) insertEntry(db, entry, now)
    }
    foldHits(db, hash, [...windowed.values()], now, emission)
    addCounts(
      db,
      results.flatMap((result) => result.counts),
      now,
    )
    for (const entry of state) writeState(db, entry)
    emission.flush()
    return emission.emitted
  })
}

const isWindowed = (hit: Hit): hit is WindowedHit => hit.window !== undefined

/** A hit without a window is an alert of its own. */
function raise(db: Database, hit: Hit, now: number, emission: Emission): void {
  emission.raise(alertOf(hit.id, hit, now), insertRecord(db, hit.record), hit.mode)
}
