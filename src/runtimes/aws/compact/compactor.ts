import type { Fields } from '../../../core/fields/spec.ts'
import { tableName } from '../../../project/aws/tables.ts'
import type { Batch } from './batch.ts'
import type { Lake } from './lake.ts'
import { isOwn, type Plan, type Plans, planOf, segmentKey, type Share } from './plans.ts'
import { type Damaged, type Read, readSegments } from './read.ts'

/** What became of a plan. */
export interface Compacted {
  readonly plan: Plan
  readonly records: number
  /** Objects that were set aside: what is damaged, and what has no table. */
  readonly setAside: number
  readonly damaged: readonly Omit<Damaged, 'bytes'>[]
}

/** What one invocation works with. */
export interface Compaction {
  readonly lake: Lake
  readonly plans: Plans
  /** Log type → its fields. */
  readonly fields: ReadonlyMap<string, Fields>
  readonly share: Share
  /** Segments of plans that are others', by their keys. */
  readonly taken: ReadonlySet<string>
  now(): number
  isShort(): boolean
  onCompacted(compacted: Compacted): void
}

/** Segments are left alone for so long, milliseconds: what comes again at once becomes part of the same files. */
const settleMs = 60_000
/** Segments of a batch at most. */
const most = 1_000

/** Carries out what an earlier invocation began. */
export async function resume(compaction: Compaction, plan: Plan): Promise<void> {
  const { lake, plans, fields } = compaction
  const done = await plans.doneIn(plan.cluster, plan.hour)
  if (plan.segments.every((name) => done.has(name))) return clear(compaction, plan)
  return carryOut(compaction, plan, await readSegments(lake, plan, fields, () => false))
}

/** Makes files of one batch of a cluster's oldest segments; false when there are none. */
export async function compactNext(compaction: Compaction, cluster: string): Promise<boolean> {
  const { lake, plans, fields, share, taken, isShort } = compaction
  const isWanted = (key: string) => {
    const [, , , name, ...deeper] = key.split('/')
    return name !== undefined && deeper.length === 0 && isOwn(share, name) && !taken.has(key)
  }
  const before = compaction.now() - settleMs
  const listed = await lake.list(`segments/${cluster}/`, most, isWanted)
  const settled = listed.slice(0, most).filter(({ modified }) => modified <= before)
  const hour = settled[0]?.key.split('/')[2]
  if (hour === undefined) return false
  const names = settled
    .filter(({ key }) => key.split('/')[2] === hour)
    .toSorted((one, other) => one.modified - other.modified)
    .map(({ key }) => key.split('/')[3]!)
  const done = await plans.doneIn(cluster, hour)
  const again = names.filter((name) => done.has(name))
  if (again.length > 0) await lake.remove(again.map((name) => segmentKey({ cluster, hour }, name)))
  const segments = names.filter((name) => !done.has(name))
  if (segments.length === 0) return true
  const isEnough = (batch: Batch) => batch.isFull() || isShort()
  const read = await readSegments(lake, { cluster, hour, segments }, fields, isEnough)
  await carryOut(compaction, planOf({ cluster, hour, segments: read.segments, part: share.part }), read)
  return true
}

/** Writes the files of a plan, and takes its segments away. */
async function carryOut(compaction: Compaction, plan: Plan, { batch, damaged }: Read): Promise<void> {
  const { lake, plans } = compaction
  const { id, cluster, hour } = plan
  await plans.begin(plan)
  for (const [schema, table] of batch.tables)
    await lake.put(`records/${tableName(schema)}/cluster=${cluster}/dt=${hour}/${id}.parquet`, table.finish())
  const rest = batch.rest()
  if (rest) await lake.put(`aside/${cluster}/${hour}/${id}.ndjson.zst`, rest)
  for (const { name, bytes } of damaged) await lake.put(`aside/${cluster}/${hour}/${id}-${name}`, bytes)
  await plans.done(plan)
  await clear(compaction, plan)
  compaction.onCompacted({ plan, records: batch.records, setAside: damaged.length + (rest ? 1 : 0), damaged })
}

async function clear({ lake, plans }: Compaction, plan: Plan): Promise<void> {
  await lake.remove(plan.segments.map((name) => segmentKey(plan, name)))
  await plans.forget(plan)
}
