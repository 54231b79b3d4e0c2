import { hash } from 'node:crypto'
import type { Lake } from './lake.ts'

/**
 * Which segments become files together. A plan is written down before its first file and done with after the last one, so who takes
 * over after a crash makes the same files under the same names. Done ones are remembered: a segment that comes again is known.
 */
export interface Plan {
  /** hash of the names of the segments: names of files derive from it. */
  readonly id: string
  readonly cluster: string
  /** `yyyy-MM-dd-HH`. */
  readonly hour: string
  /** Names of segments, without their folder, in the order in which they are read. */
  readonly segments: readonly string[]
  /** Of the invocation that made it. */
  readonly part: number
}

export const planOf = (plan: Omit<Plan, 'id'>): Plan => ({
  id: hash('sha256', JSON.stringify([plan.cluster, plan.hour, plan.segments]), 'hex').slice(0, 32),
  ...plan,
})

/** Several invocations share the segments by their names: this is the `part`-th of them, from 0 on. */
export interface Share {
  readonly part: number
  readonly parts: number
}

/** What the schedule of infra/modules/lake says; without, all. */
export function shareOf(event: unknown): Share {
  const { part, parts } = (typeof event === 'object' && event !== null ? event : {}) as Partial<
    Record<keyof Share, unknown>
  >
  const isShare =
    Number.isSafeInteger(part) && Number.isSafeInteger(parts) && Number(part) >= 0 && Number(parts) > Number(part)
  return isShare ? { part: Number(part), parts: Number(parts) } : { part: 0, parts: 1 }
}

/** Names begin with a hash; others are the first part's. */
export const isOwn = ({ part, parts }: Share, name: string): boolean =>
  (Number.parseInt(name.slice(0, 8), 16) || 0) % parts === part

export const segmentKey = ({ cluster, hour }: Pick<Plan, 'cluster' | 'hour'>, name: string) =>
  `segments/${cluster}/${hour}/${name}`

/** Plans in a lake: `compact/open/<id>.json`, and `compact/done/<cluster>/<hour>/<id>.json`. */
export interface Plans {
  /** Begun, and perhaps not ended. */
  open(): Promise<readonly Plan[]>
  begin(plan: Plan): Promise<void>
  /** All files of the plan are there. */
  done(plan: Plan): Promise<void>
  /** Its segments are gone. */
  forget(plan: Plan): Promise<void>
  /** Names of the segments of an hour that are done. */
  doneIn(cluster: string, hour: string): Promise<ReadonlySet<string>>
}

/** Plans that are read at the same time. */
const together = 16

const bytesOf = (plan: Plan) => Buffer.from(JSON.stringify(plan))

export function plansIn(lake: Lake): Plans {
  const openKey = ({ id }: Plan) => `compact/open/${id}.json`
  async function read(prefix: string): Promise<readonly Plan[]> {
    const keys = (await lake.list(prefix)).map(({ key }) => key)
    const plans: Plan[] = []
    for (let at = 0; at < keys.length; at += together) {
      const texts = await Promise.all(keys.slice(at, at + together).map(lake.get))
      plans.push(...texts.map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as Plan))
    }
    return plans
  }
  const known = new Map<string, Set<string>>()
  const hourKey = (cluster: string, hour: string) => `compact/done/${cluster}/${hour}/`

  async function doneIn(cluster: string, hour: string): Promise<Set<string>> {
    const prefix = hourKey(cluster, hour)
    const found = known.get(prefix)
    if (found) return found
    const names = new Set((await read(prefix)).flatMap(({ segments }) => segments))
    known.set(prefix, names)
    return names
  }

  return {
    open: () => read('compact/open/'),
    begin: (plan) => lake.put(openKey(plan), bytesOf(plan)),
    async done(plan) {
      const names = await doneIn(plan.cluster, plan.hour)
      await lake.put(`${hourKey(plan.cluster, plan.hour)}${plan.id}.json`, bytesOf(plan))
      for (const name of plan.segments) names.add(name)
    },
    forget: (plan) => lake.remove([openKey(plan)]),
    doneIn,
  }
}
