import { messageOf } from '../../core/errors.ts'
import type { Fields } from '../../core/fields/spec.ts'
import { tableName } from '../../project/aws/tables.ts'
import { type Batch, createBatch } from './compact/batch.ts'
import { type Lake, openLake } from './compact/lake.ts'
import { type Plan, planOf, plansIn, segmentKey } from './compact/plans.ts'
import { writeMetrics } from './metrics.ts'
import { type BucketSurroundings, type Invocation, logTo, variableOf } from './surroundings.ts'

/** What the function knows of a project. */
export interface CompactProject {
  /** Log type → its fields, of all whose records have a table. */
  readonly fields: Readonly<Record<string, Fields>>
}

export type CompactHandler = (event: unknown, invocation: Invocation) => Promise<void>

/** Time that is left for writing what was read, milliseconds. */
const reserveMs = 120_000
/** Segments are left alone for so long, milliseconds: what comes again at once becomes part of the same files. */
const settleMs = 60_000
/** Segments of a batch at most, and those that are fetched at the same time. */
const most = 1_000
const ahead = 16

/**
 * The function that makes Parquet files of segments (docs/decisions/0016-segments.md). Clusters take turns, each with its oldest hour.
 * What is not done in time is left for the next time. Rejects at its end when something could not be done, so that an alarm sounds; the
 * rest is done all the same.
 */
export function createCompactHandler(project: CompactProject, around: BucketSurroundings): CompactHandler {
  const prefix = variableOf(around, 'STREAMALERT_PREFIX')
  const lake = openLake(around.s3(), variableOf(around, 'STREAMALERT_LAKE'))
  const log = logTo(around)
  const fields = new Map(Object.entries(project.fields))

  return async (_event, invocation) => {
    const reserve = Math.min(reserveMs, invocation.getRemainingTimeInMillis() / 4)
    const isShort = () => invocation.getRemainingTimeInMillis() < reserve
    const plans = plansIn(lake)
    const failures: unknown[] = []
    const attempt = async <T>(what: string, action: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await action()
      } catch (error) {
        failures.push(error)
        log({ level: 'error', code: 'STORE_FAILED', message: `${what}: ${messageOf(error)}` })
        return undefined
      }
    }

    /** Writes the files of a plan, and takes its segments away. */
    async function carryOut(plan: Plan, { batch, damaged }: Read): Promise<void> {
      const { id, cluster, hour } = plan
      await plans.begin(plan)
      for (const [schema, table] of batch.tables)
        await lake.put(`records/${tableName(schema)}/cluster=${cluster}/dt=${hour}/${id}.parquet`, table.finish())
      const rest = batch.rest()
      if (rest) await lake.put(`aside/${cluster}/${hour}/${id}.ndjson.zst`, rest)
      for (const { name, bytes } of damaged) await lake.put(`aside/${cluster}/${hour}/${id}-${name}`, bytes)
      await plans.done(plan)
      await clear(plan)
      const setAside = damaged.length + (rest ? 1 : 0)
      writeMetrics({ prefix, cluster }, around, { Compacted: batch.records, SetAside: setAside })
      if (setAside > 0) {
        const message = `Of ${plan.segments.length} segments of ${cluster}, ${hour}, what has no table or is damaged lies under aside/${cluster}/${hour}/${id}.`
        log({ level: 'error', code: 'BODY_DAMAGED', message })
      }
    }

    async function clear(plan: Plan): Promise<void> {
      await lake.remove(plan.segments.map((name) => segmentKey(plan, name)))
      await plans.forget(plan)
    }

    /** Carries out what another invocation began. */
    async function resume(plan: Plan): Promise<true> {
      const { cluster, hour, segments } = plan
      const done = await plans.doneIn(cluster, hour)
      if (segments.every((name) => done.has(name))) await clear(plan)
      else await carryOut(plan, await readSegments(lake, plan, fields, () => false))
      return true
    }

    /** One batch of a cluster; false when nothing is left to do. */
    async function compactNext(cluster: string): Promise<boolean> {
      const before = around.now() - settleMs
      const listed = await lake.list(`segments/${cluster}/`, most)
      const settled = listed.filter(({ key, modified }) => modified <= before && key.split('/').length === 4)
      const hour = settled[0]?.key.split('/')[2]
      if (hour === undefined) return false
      const names = settled
        .filter(({ key }) => key.split('/')[2] === hour)
        .toSorted((one, other) => one.modified - other.modified)
        .map(({ key }) => key.split('/')[3]!)
      const done = await plans.doneIn(cluster, hour)
      const again = names.filter((name) => done.has(name))
      if (again.length > 0) await lake.remove(again.map((name) => segmentKey({ cluster, hour }, name)))
      const fresh = names.filter((name) => !done.has(name))
      if (fresh.length === 0) return true
      const isEnough = (batch: Batch) => batch.isFull() || isShort()
      const read = await readSegments(lake, { cluster, hour, segments: fresh }, fields, isEnough)
      await carryOut(planOf(cluster, hour, read.segments), read)
      return true
    }

    // Where something that was begun cannot be ended, nothing else is begun: its segments would be read twice.
    const stuck = new Set<string>()
    for (const plan of await plans.open()) {
      const ended = !isShort() && (await attempt(`${plan.cluster}, ${plan.hour}`, () => resume(plan)))
      if (!ended) stuck.add(plan.cluster)
    }
    const all = await lake.folders('segments/')
    const waiting = new Set(all.filter((name) => !stuck.has(name)))
    const behind = new Set(stuck)
    while (waiting.size > 0) {
      for (const cluster of waiting) {
        const more = isShort() ? undefined : await attempt(cluster, () => compactNext(cluster))
        if (more === undefined) behind.add(cluster)
        if (more !== true) waiting.delete(cluster)
      }
    }
    for (const cluster of new Set([...all, ...stuck]))
      writeMetrics({ prefix, cluster }, around, { Behind: behind.has(cluster) ? 1 : 0 })
    if (failures.length > 0) throw failures[0]
  }
}

/** What was read of segments. */
interface Read {
  readonly batch: Batch
  /** Names of those that were read: the first of them, when the batch was full or time was short. */
  readonly segments: readonly string[]
  readonly damaged: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

/** Reads segments until it is enough, and at least one. */
async function readSegments(
  lake: Lake,
  { cluster, hour, segments }: Pick<Plan, 'cluster' | 'hour' | 'segments'>,
  fields: ReadonlyMap<string, Fields>,
  isEnough: (batch: Batch) => boolean,
): Promise<Read> {
  const batch = createBatch(fields)
  const damaged: { name: string; bytes: Uint8Array }[] = []
  const read: string[] = []
  for (let at = 0; at < segments.length; at += ahead) {
    const names = segments.slice(at, at + ahead)
    const bodies = await Promise.all(names.map((name) => lake.get(segmentKey({ cluster, hour }, name))))
    for (const [n, bytes] of bodies.entries()) {
      if (read.length > 0 && isEnough(batch)) return { batch, segments: read, damaged }
      const name = names[n]!
      read.push(name)
      try {
        batch.add(bytes)
      } catch {
        damaged.push({ name, bytes })
      }
    }
  }
  return { batch, segments: read, damaged }
}
