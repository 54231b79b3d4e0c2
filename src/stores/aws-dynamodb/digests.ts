import type { Alert, Committed, Severity } from '../../core/contracts/index.ts'
import { rateDigestId } from '../../core/ids.ts'
import { digestOf, namedAlerts } from '../../core/rates/index.ts'
import { unpackedAlert } from './bodies.ts'
import type { Db } from './db.ts'
import { raise } from './emission.ts'
import { alertKey, digestedOf, dueBy, rateLane, timeOfDue } from './layout.ts'
import { listOf, type Item, keyOf } from './table.ts'

/** See `AlertStore.raiseDigests`. */
export async function raiseDigests(db: Db, { now, all }: { now: number; all: boolean }): Promise<Committed> {
  const open = { lane: rateLane, ...(!all && { to: dueBy(now) }) }
  const alerts: Alert[] = []
  for (const window of await listOf(db.table.query(open))) {
    // The index may be behind: the table says what is so.
    const kept = await db.table.get(keyOf(window))
    if (!kept || kept['lane'] === undefined) continue
    const digest = await digestNow(db, kept, now)
    if (digest) alerts.push(...(await raise(db, [{ alert: digest, mode: 'live' }], now, undefined)))
    // Told, unless more came meanwhile: then it is looked at again.
    await db.table.update(keyOf(kept), { remove: ['lane', 'due'] }, { version: kept['version'] })
  }
  const [next] = await listOf(db.table.query({ lane: rateLane, from: dueBy(now), limit: 1 }))
  return { alerts, joined: new Map(), ...(next && !all && { nextClose: timeOfDue(next['due']) }) }
}

/** What is digested and no digest has told; undefined when nothing is. */
async function digestNow(db: Db, window: Item, now: number): Promise<Alert | undefined> {
  const output = String(window['output'])
  const until = Number(window['until'])
  const found = await listOf(db.table.query({ pk: digestedOf(output, until) }))
  const told = new Map(found.filter((one) => one['update'] !== true).map((one) => [String(one['alert']), one]))
  if (told.size === 0) return undefined
  const first = await db.table.get(alertKey(rateDigestId(db.hash, output, until)))
  if (first && (await unpackedAlert(db, first)).record.data['count'] === told.size) return undefined
  const counts = [...Map.groupBy(told.values(), (one) => JSON.stringify([one['rule'], one['severity']]))]
  const surplus = {
    ...{ output, from: Number(window['from']), until, again: first !== undefined },
    counts: counts.map(([, group]) => {
      const { rule, severity } = group[0]!
      return { rule: String(rule), severity: severity as Severity, count: group.length }
    }),
    alerts: [...told.keys()].slice(0, namedAlerts),
    cluster: String([...told.values()][0]!['cluster']),
  }
  return digestOf(surplus, db.hash, now)
}

/** Ids of the alerts that a digest stands for, the newest first. */
export async function digestedAlerts(db: Db, output: string, until: number): Promise<string[]> {
  const found = await listOf(db.table.query({ pk: digestedOf(output, until), descending: true }))
  return [...new Set(found.map((one) => String(one['alert'])))]
}
