/** Keys of the table; docs/decisions/0014-dynamodb-layout.md says what stands under each. */
import type { Key } from './table.ts'

/** Times in keys: as many digits for all of them, also for times before 1970 and beyond what a Date holds. */
const timeText = (time: number): string =>
  String(BigInt(Math.floor(Math.min(Math.max(time, -9e15), 9e15))) + 9_000_000_000_000_000n).padStart(17, '0')

const sequence = (n: number): string => String(n).padStart(14, '0')

/** Alerts are found by the first four characters of their id: as many as a person has to write. */
const alertsOf = (id: string): string => `alert#${id.slice(0, 4)}`

export const hitKey = (id: string): Key => ({ pk: `hit#${id}`, sk: 'hit' })
export const windowKey = (id: string): Key => ({ pk: `window#${id}`, sk: 'window' })
/** In the order of the fold: by time, those that only count first, then by id. */
export const windowHitKey = (window: string, time: number, completes: boolean, id: string): Key => ({
  pk: `window#${window}`,
  sk: `hit#${timeText(time)}#${completes ? 1 : 0}#${id}`,
})
export const hitPrefix = 'hit#'

export const alertKey = (id: string): Key => ({ pk: alertsOf(id), sk: `alert#${id}` })
export const alertPrefix = (beginning: string): { pk: string; prefix: string } => ({
  pk: alertsOf(beginning),
  prefix: `alert#${beginning}`,
})
/** Of an update: which alert it updates. */
export const rootKey = (id: string): Key => ({ pk: alertsOf(id), sk: `root#${id}` })
/** All deliveries of an alert and its updates to an output, in their order. */
export const chainOf = (root: string, output: string): { pk: string; prefix: string } => ({
  pk: alertsOf(root),
  prefix: `delivery#${root}#${output}#`,
})
export const chainsOf = (root: string): { pk: string; prefix: string } => ({
  pk: alertsOf(root),
  prefix: `delivery#${root}#`,
})
/** `order`: 0 of an alert itself; of an update how many hits it tells. */
export const deliveryKey = (root: string, output: string, order: number, id: string): Key => ({
  pk: alertsOf(root),
  sk: `delivery#${root}#${output}#${sequence(order)}#${id}`,
})
/** The index's partition of what is to be sent to an output for a rule. */
export const laneOf = (output: string, rule: string): string => `delivery#${output}#${rule}`
export const lanes = 'lanes'
export const laneKey = (output: string, rule: string): Key => ({ pk: lanes, sk: `${output}#${rule}` })
export const deadLane = 'dead'

export const log = 'log'
export const logKey = (first: number): Key => ({ pk: log, sk: `log#${sequence(first)}` })
export const logHead: Key = { pk: log, sk: 'head' }

export const rateKey = (output: string, until: number): Key => ({ pk: `rate#${output}`, sk: timeText(until) })
export const rateLane = 'rates'
export const digestedOf = (output: string, until: number): string => `digested#${output}#${until}`

export const entryKey = (id: string): Key => ({ pk: `quarantine#${id.slice(0, 4)}`, sk: `entry#${id}` })
export const entryPrefix = (id: string): { pk: string; prefix: string } => ({
  pk: `quarantine#${id.slice(0, 4)}`,
  prefix: `entry#${id}`,
})

export const stateKey = (key: string): Key => ({ pk: 'state', sk: `state#${key}` })
export const counterKey = (metric: string, labels: string): Key => ({ pk: 'counts', sk: `${metric}#${labels}` })

/** Partitions of the index that all writers share are split, for one takes a thousand writes a second. */
const shards = ['0', '1', '2', '3'] as const
export const shardsOf = (lane: 'windows' | 'quarantine'): string[] => shards.map((shard) => `${lane}#${shard}`)
export const shardOf = (lane: 'windows' | 'quarantine', id: string): string =>
  `${lane}#${shards[(id.charCodeAt(id.length - 1) + id.charCodeAt(0)) % shards.length]}`

/** A time in the index: milliseconds, and a number that keeps what came together in its order. */
export const dueAt = (time: number, nth = 0): string => `${time}.${String(nth).padStart(6, '0')}`
/** The last moment of the millisecond `time`. */
export const dueBy = (time: number): string => `${time}.999999`
export const timeOfDue = (due: unknown): number => Number(String(due).split('.')[0])
