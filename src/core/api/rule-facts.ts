import type { AlertStore, Metric, StateStore, StatsStore } from '../contracts/index.ts'
import { lifePrefix, readLives, type RuleLife } from '../staging/index.ts'

/** What a rule did, and whether it is staged. Times are epoch milliseconds. */
export interface RuleFacts {
  readonly rule: string
  readonly hits: number
  readonly lastHit?: number
  /** Those that are kept, or that were looked at. */
  readonly alerts: number
  readonly errors: number
  readonly life?: RuleLife
  /** Of one that is staged: alerts since then. */
  readonly stagedAlerts?: number
}

/** Staged alerts are counted up to here. */
const most = 100_000

/** Every rule that the state knows, by name. */
export async function ruleFacts(
  store: AlertStore & StateStore & StatsStore,
  { newest }: { readonly newest?: number },
): Promise<readonly RuleFacts[]> {
  const lives = readLives(await store.list(lifePrefix))
  const [hits, errors] = [await countsOf(store, 'hits'), await countsOf(store, 'rule_errors')]
  const { alerts } = await store.overview(newest === undefined ? {} : { newest })
  const names = new Set([...lives.keys(), ...hits.keys(), ...errors.keys(), ...alerts.map(({ rule }) => rule)])
  const facts: RuleFacts[] = []
  for (const rule of [...names].toSorted()) {
    const life = lives.get(rule)
    const { n = 0, at } = hits.get(rule) ?? {}
    const since = life?.staged?.since
    facts.push({
      ...{ rule, hits: n, ...(at !== undefined && { lastHit: at }) },
      alerts: alerts.filter((one) => one.rule === rule).reduce((sum, { count }) => sum + count, 0),
      errors: errors.get(rule)?.n ?? 0,
      ...(life && { life }),
      ...(since !== undefined && {
        stagedAlerts: await store.countAlerts({ rule, staged: true, since, limit: most }),
      }),
    })
  }
  return facts
}

/** Rule → how often, and when last. */
async function countsOf(store: StatsStore, metric: Metric): Promise<ReadonlyMap<string, { n: number; at: number }>> {
  const sums = new Map<string, { n: number; at: number }>()
  for (const { labels, n, at } of await store.counts(metric)) {
    const rule = labels['rule'] ?? ''
    const sum = sums.get(rule)
    sums.set(rule, { n: (sum?.n ?? 0) + n, at: Math.max(sum?.at ?? 0, at) })
  }
  return sums
}
