import type { Committed, Count, FrameResult, LogLine, RuleInfo, Store } from '../../core/contracts/index.ts'
import { createHealth } from '../upkeep/health.ts'
import { openStaging } from '../upkeep/staging.ts'
import type { Upkeep } from './project.ts'
import { enterRules } from './staging.ts'

export interface UpkeepHost {
  readonly cluster: string
  readonly store: Store
  now(): number
  log(line: LogLine): void
  onCommitted(committed: Committed, results: readonly FrameResult[]): void
}

/**
 * What the embedded engine does beside reading and sending, for whoever is called each minute: promotes staged rules whose time has passed
 * quietly, raises their digest, looks after rules that fail or see nothing and sources that are silent. All it knows lies in the table.
 */
export function createUpkeep({ config, rules, sources }: Upkeep, host: UpkeepHost): () => Promise<void> {
  const { store, cluster, now } = host
  const project = {
    config: { ...config, terminal: false, clusters: { [cluster]: {} } },
    sources: sources.filter((one) => one.cluster === cluster),
  }
  const runsHere = ({ clusters }: RuleInfo) => clusters?.includes(cluster) ?? true
  // Silence is measured from when records were first waited for: this function begins anew all the time.
  const health = createHealth({ ...host, once: true })
  return async () => {
    await enterRules(rules, { store, config: config.staging, now })
    const staging = await openStaging(host)
    await staging.enter(project, rules)
    await staging.look()
    health.enter(project, rules.filter(runsHere))
    const counts = await failuresSince(store, config.health.window, now())
    health.note([{ hits: [], quarantine: [], counts, bytes: 0, records: 0 }])
    await health.look()
  }
}

/** State entry: what the counters said over the last while. */
const countedKey = 'health:counted'
/** Counters are written down so often in a window. */
const parts = 10
/** Counters that are written down at most. */
const most = 300

interface Snapshot {
  /** Epoch milliseconds. */
  readonly at: number
  readonly counts: readonly Count[]
}

/** What failed in the last `windowMs`, in all functions of the cluster: the counters as they are, less what they were. */
async function failuresSince(store: Store, windowMs: number, now: number): Promise<readonly Count[]> {
  const counted = [...(await store.counts('rule_errors')), ...(await store.counts('asked'))]
  const counts = counted.map(({ metric, labels, n }) => ({ metric, labels, n })).slice(0, most)
  const kept = JSON.parse((await store.get(countedKey)) ?? '[]') as readonly Snapshot[]
  const recent = kept.slice(
    Math.max(
      0,
      kept.findLastIndex(({ at }) => at <= now - windowMs),
    ),
  )
  if ((recent.at(-1)?.at ?? 0) <= now - windowMs / parts) {
    await store.set(countedKey, JSON.stringify([...recent, { at: now, counts }]))
  }
  const [base] = recent
  if (!base) return []
  const before = new Map(base.counts.map((count) => [keyOf(count), count.n]))
  // Where not all were written down, one that is not known may be an old one.
  const unknown = base.counts.length < most ? 0 : Number.POSITIVE_INFINITY
  return counts.flatMap((count) => {
    const n = count.n - (before.get(keyOf(count)) ?? unknown)
    return n > 0 ? [{ ...count, n }] : []
  })
}

const keyOf = ({ metric, labels }: Count) => JSON.stringify([metric, labels['rule'], labels['code']])
