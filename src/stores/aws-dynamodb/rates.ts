import type { RateLimit, RateLimits } from '../../core/contracts/index.ts'
import { isWithin, rateWindow } from '../../core/rates/index.ts'
import type { Db } from './db.ts'
import type { Wanted } from './enqueue.ts'
import { dueAt, rateKey, rateLane } from './layout.ts'

/** Counts of a window are kept for a while after it was told. Milliseconds. */
export const keptMs = 3_600_000

/**
 * Counts alerts to outputs with a limit, in their order. Answers, for those that are not told singly, the end of the window whose
 * digest tells them. After a crash an alert may be counted twice: then one fewer is told singly in this window, and the digest,
 * which counts what it finds, is right all the same.
 */
export async function admit(
  db: Db,
  wanted: readonly Wanted[],
  now: number,
  rates: RateLimits | undefined,
): Promise<ReadonlyMap<Wanted, number>> {
  const until = new Map<Wanted, number>()
  for (const [output, group] of Map.groupBy(wanted, (one) => one.output)) {
    const limit = rates?.get(output)
    if (!limit) continue
    for (const one of await surplusOf(db, output, limit, group, now)) until.set(one, rateWindow(limit, now).until)
  }
  return until
}

async function surplusOf(
  db: Db,
  output: string,
  limit: RateLimit,
  wanted: readonly Wanted[],
  now: number,
): Promise<readonly Wanted[]> {
  const span = rateWindow(limit, now)
  const key = rateKey(output, span.until)
  for (;;) {
    const kept = await db.table.get(key)
    const byRule = new Map(JSON.parse(String(kept?.['byRule'] ?? '[]')) as [string, number][])
    let inAll = Number(kept?.['inAll'] ?? 0)
    const surplus = wanted.filter(({ alert: { rule } }) => {
      const told = byRule.get(rule) ?? 0
      if (!isWithin(limit, { byRule: told, inAll })) return true
      byRule.set(rule, told + 1)
      inAll++
      return false
    })
    const set = { output, ...span, inAll, byRule: JSON.stringify([...byRule]) }
    const open = surplus.length > 0 && { lane: rateLane, due: dueAt(span.until) }
    const expires = Math.ceil((span.until + 7 * 24 * keptMs) / 1000)
    const change = { set: { ...set, ...open, expires }, add: { version: 1 } }
    if (await db.table.update(key, change, { version: kept?.['version'] })) return surplus
  }
}
