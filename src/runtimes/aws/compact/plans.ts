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
}

export const planOf = (cluster: string, hour: string, segments: readonly string[]): Plan => ({
  id: hash('sha256', JSON.stringify([cluster, hour, segments]), 'hex').slice(0, 32),
  ...{ cluster, hour, segments },
})

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

export function plansIn(lake: Lake): Plans {
  const openKey = ({ id }: Plan) => `compact/open/${id}.json`
  const read = async (key: string): Promise<Plan> => JSON.parse(Buffer.from(await lake.get(key)).toString()) as Plan
  const known = new Map<string, Set<string>>()
  const hourKey = (cluster: string, hour: string) => `compact/done/${cluster}/${hour}/`

  async function doneIn(cluster: string, hour: string): Promise<Set<string>> {
    const prefix = hourKey(cluster, hour)
    const found = known.get(prefix)
    if (found) return found
    const plans = await Promise.all((await lake.list(prefix)).map(({ key }) => read(key)))
    const names = new Set(plans.flatMap(({ segments }) => segments))
    known.set(prefix, names)
    return names
  }

  return {
    open: async () => Promise.all((await lake.list('compact/open/')).map(({ key }) => read(key))),
    begin: (plan) => lake.put(openKey(plan), JSON.stringify(plan)),
    async done(plan) {
      const names = await doneIn(plan.cluster, plan.hour)
      await lake.put(`${hourKey(plan.cluster, plan.hour)}${plan.id}.json`, JSON.stringify(plan))
      for (const name of plan.segments) names.add(name)
    },
    forget: (plan) => lake.remove([openKey(plan)]),
    doneIn,
  }
}
