import type { Commit, Committed, Hit } from '../../core/contracts/index.ts'
import { alertOf } from '../../core/merge/index.ts'
import { isWindowed } from '../memory/windows.ts'
import { addCounts } from './counters.ts'
import { type Db, expires } from './db.ts'
import { raise } from './emission.ts'
import { hitKey } from './layout.ts'
import { keepEntries } from './quarantine.ts'
import { writeState } from './state.ts'
import { textOf } from './table.ts'
import { enterHits, foldHits, joinedOf, noteWindows, windowsOf } from './windows.ts'

/**
 * Stores results; see `AlertStore.commit`. There is no transaction: each step can be repeated, and the mark that a hit is known is
 * written after all that follows from it. Whoever crashes before that is given the same records again, and does the rest.
 * docs/decisions/0014-dynamodb-layout.md goes through the steps.
 */
export async function commit(db: Db, { results, state, now, rates }: Commit): Promise<Committed> {
  const hits = await unknown(
    db,
    results.flatMap((result) => result.hits),
  )
  const entered = windowsOf(db, hits.filter(isWindowed))
  await enterHits(db, entered, now)
  const folded = await foldHits(db, entered, now)
  const single = hits
    .filter((hit) => !isWindowed(hit))
    .map((hit) => ({ alert: alertOf(hit.id, hit, now), mode: hit.mode }))
  const alerts = await raise(db, [...single, ...folded.flatMap(({ raised }) => raised)], now, rates)
  await keepEntries(
    db,
    results.flatMap((result) => result.quarantine),
    now,
  )
  await noteWindows(db, folded, now)
  await db.table.putAll(hits.map(({ id }) => ({ ...hitKey(id), ...expires(now, db.kept.hitsMs), at: now })))
  await writeState(db, state)
  await addCounts(
    db,
    results.flatMap((result) => result.counts),
    now,
  )
  return { alerts, joined: joinedOf(folded) }
}

/** Hits that are not stored, each once. */
async function unknown(db: Db, hits: readonly Hit[]): Promise<Hit[]> {
  const ids = hits.flatMap(({ id, seenAs }) => (seenAs === undefined ? [id] : [id, seenAs]))
  const known = await db.table.getAll(ids.map(hitKey))
  const isKnown = (id: string) => known.has(textOf(hitKey(id)))
  const fresh = hits.filter(({ id, seenAs }) => !isKnown(id) && (seenAs === undefined || !isKnown(seenAs)))
  return [...new Map(fresh.map((hit) => [hit.id, hit])).values()]
}
