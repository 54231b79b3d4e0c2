import type { DeliveryState, Overview } from '../../core/contracts/index.ts'
import type { Db } from './db.ts'
import { type Line, linesOfQuery } from './log.ts'
import { listOf, type Item } from './table.ts'

/** What an item is, by its keys. */
export type Kind = keyof typeof empty

const empty = { alerts: 0, deliveries: 0, hits: 0, windows: 0, quarantine: 0, state: 0, counters: 0, rates: 0 }

/** Undefined: it belongs to others. */
export function kindOf(item: Item): Kind | 'windowHits' | 'log' | 'digested' | undefined {
  const [pk = ''] = String(item['pk']).split('#', 1)
  const [sk = ''] = String(item['sk']).split('#', 1)
  if (pk === 'alert') return sk === 'alert' ? 'alerts' : sk === 'delivery' ? 'deliveries' : undefined
  if (pk === 'window') return sk === 'window' ? 'windows' : 'windowHits'
  if (pk === 'log') return sk === 'log' ? 'log' : undefined
  const kinds: Record<string, ReturnType<typeof kindOf>> = {
    hit: 'hits',
    quarantine: 'quarantine',
    state: 'state',
    counts: 'counters',
    rate: 'rates',
    digested: 'digested',
  }
  return Object.hasOwn(kinds, pk) ? kinds[pk] : undefined
}

/** See `StatsStore.sizes`. Reads all of the table. */
export async function sizes(db: Db): Promise<Readonly<Record<string, number>>> {
  const counted: Record<string, number> = { ...empty }
  for await (const item of db.table.scan()) {
    const kind = kindOf(item)
    if (kind !== undefined && kind in empty) counted[kind] = (counted[kind] ?? 0) + 1
  }
  return counted
}

/** See `StatsStore.overview`. Reads all of the table. */
export async function overview(db: Db): Promise<Overview> {
  return { alerts: alertsOf(await listOf(linesOfQuery(db, {}))), deliveries: await countDeliveries(allDeliveries(db)) }
}

/** Alerts by rule, without updates; the most frequent first. */
export function alertsOf(lines: readonly Line[]): Overview['alerts'] {
  const own = lines.filter(({ updates }) => updates === undefined)
  const groups = Map.groupBy(own, ({ rule, severity, staged }) => JSON.stringify([rule, severity, staged]))
  const alerts = [...groups.values()].map((group) => {
    const { rule, severity, staged } = group[0]!
    return { rule, severity, staged, count: group.length }
  })
  return alerts.toSorted((one, other) => other.count - one.count || (one.rule < other.rule ? -1 : 1))
}

async function* allDeliveries(db: Db): AsyncGenerator<Item> {
  for await (const item of db.table.scan()) if (kindOf(item) === 'deliveries') yield item
}

/** Items of deliveries by output and state, with the latest error of each. */
export async function countDeliveries(items: Iterable<Item> | AsyncIterable<Item>): Promise<Overview['deliveries']> {
  const found = new Map<string, { output: string; state: DeliveryState; count: number; error?: string; at: number }>()
  for await (const item of items) {
    const { output, state, error, settled = 0 } = item
    const key = `${String(output)} ${String(state)}`
    const one = found.get(key) ?? { output: String(output), state: state as DeliveryState, count: 0, at: -1 }
    const isLater = Number(settled) > one.at
    const latest = isLater ? { at: Number(settled), ...(error !== undefined && { error: String(error) }) } : {}
    found.set(key, { ...one, ...latest, count: one.count + 1 })
  }
  return [...found]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { output, state, count, error }]) => ({ output, state, count, ...(error !== undefined && { error }) }))
}
