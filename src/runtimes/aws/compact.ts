import { messageOf } from '../../core/errors.ts'
import type { Fields } from '../../core/fields/spec.ts'
import { alone } from './compact/alone.ts'
import { type Compacted, compactNext, resume } from './compact/compactor.ts'
import { openLake } from './compact/lake.ts'
import { plansIn, segmentKey, type Share, shareOf } from './compact/plans.ts'
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
/** Damaged segments whose cause is told. */
const mostTold = 20

/**
 * The function that makes Parquet files of segments (docs/decisions/0016-segments.md). Clusters take turns, each with its oldest hour.
 * What is not done in time is left for the next time, and so is all while another invocation is at work. Rejects at its end when
 * something could not be done, so that an alarm sounds; the rest is done all the same.
 */
export function createCompactHandler(project: CompactProject, around: BucketSurroundings): CompactHandler {
  const prefix = variableOf(around, 'STREAMALERT_PREFIX')
  const lake = openLake(around.s3(), variableOf(around, 'STREAMALERT_LAKE'))
  const log = logTo(around)
  const fields = new Map(Object.entries(project.fields))

  function onCompacted({ plan: { id, cluster, hour, segments }, records, setAside, damaged }: Compacted): void {
    writeMetrics({ prefix, cluster }, around, { Compacted: records, SetAside: setAside })
    if (setAside === 0) return
    const message = `Of ${segments.length} segments of ${cluster}, ${hour}, what is damaged or has no table lies under aside/${cluster}/${hour}/${id}.`
    const causes = damaged.slice(0, mostTold).map(({ name, cause }) => `${name}: ${cause}`)
    log({ level: 'error', code: 'BODY_DAMAGED', message, ...(causes.length > 0 && { damaged: causes }) })
  }

  async function compact(share: Share, invocation: Invocation): Promise<void> {
    const reserve = Math.min(reserveMs, invocation.getRemainingTimeInMillis() / 4)
    const isShort = () => invocation.getRemainingTimeInMillis() < reserve
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
    const plans = plansIn(lake)
    const open = await plans.open()
    const isMine = ({ part }: { readonly part: number }) => part % share.parts === share.part
    const others = open.filter((plan) => !isMine(plan))
    const taken = new Set(others.flatMap((plan) => plan.segments.map((name) => segmentKey(plan, name))))
    const compaction = { ...{ lake, plans, fields, share, taken, isShort, onCompacted }, now: around.now }

    // Where something that was begun cannot be ended, nothing else is begun: its segments would be read twice.
    const stuck = new Set<string>()
    for (const plan of open.filter(isMine)) {
      const resumed = async () => {
        await resume(compaction, plan)
        return true
      }
      const ended = !isShort() && (await attempt(`${plan.cluster}, ${plan.hour}`, resumed))
      if (!ended) stuck.add(plan.cluster)
    }
    const all = await lake.folders('segments/')
    const waiting = new Set(all.filter((name) => !stuck.has(name)))
    const behind = new Set(stuck)
    while (waiting.size > 0) {
      for (const cluster of waiting) {
        const more = isShort() ? undefined : await attempt(cluster, () => compactNext(compaction, cluster))
        if (more === undefined) behind.add(cluster)
        if (more !== true) waiting.delete(cluster)
      }
    }
    for (const cluster of new Set([...all, ...stuck]))
      writeMetrics({ prefix, cluster }, around, { Behind: behind.has(cluster) ? 1 : 0 })
    if (failures.length > 0) throw failures[0]
  }

  return async (event, invocation) => {
    const share = shareOf(event)
    const now = around.now()
    const until = now + invocation.getRemainingTimeInMillis()
    const isDone = await alone(lake, { part: share.part, now, until }, () => compact(share, invocation))
    if (!isDone) log({ level: 'info', code: 'STORE_BUSY', message: 'Another invocation is at work: nothing was done.' })
  }
}
