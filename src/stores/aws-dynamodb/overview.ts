import type { Overview } from '../../core/contracts/index.ts'
import type { Db } from './db.ts'
import { readLanes } from './deliveries.ts'
import { chainsOf, deadLane, laneOf } from './layout.ts'
import { type Line, linesOfQuery } from './log.ts'
import { alertsOf, countDeliveries } from './stats.ts'
import { type Item, listOf, sideBySide, textOf, keyOf } from './table.ts'

/** Deliveries that wait in one lane, or are dead, are counted up to here. */
const mostCounted = 10_000

/**
 * See `StatsStore.overview`: the newest alerts, by queries alone, however large the table is. What waits and what is dead is counted for
 * all alerts, up to a bound.
 */
export async function overviewOfNewest(db: Db, newest: number): Promise<Overview> {
  const lines: Line[] = []
  let since: number | undefined
  for await (const line of linesOfQuery(db, {})) {
    if (lines.length >= newest) {
      since = lines.at(-1)!.at
      break
    }
    lines.push(line)
  }
  const only = ['pk', 'sk', 'output', 'state', 'error', 'settled']
  const own = lines.filter(({ updates }) => updates === undefined)
  const ofAlerts = await sideBySide(own, ({ id }) => listOf(db.table.query({ ...chainsOf(id), only })))
  const lanes = [deadLane, ...(await readLanes(db)).map(({ output, rule }) => laneOf(output, rule))]
  const open = await sideBySide(lanes, (lane) => listOf(db.table.query({ lane, limit: mostCounted, only })))
  const items = [...open.flat(), ...ofAlerts.flat()].map((item): [string, Item] => [textOf(keyOf(item)), item])
  // What the partitions say comes last, and stands: the index may be behind.
  const deliveries = await countDeliveries(new Map(items).values())
  return { alerts: alertsOf(lines), deliveries, ...(since !== undefined && { since }) }
}
