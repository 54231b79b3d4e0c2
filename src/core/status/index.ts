import type { Count, Metric, Overview, QuarantineStore, StateStore, StatsStore } from '../contracts/index.ts'
import { type Blind, type Failing, readHealth, readSources, type Silent } from '../health/index.ts'
import { type OutputLine, outputsOf, readCircuits } from './outputs.ts'
import { type SourceLine, sourcesOf } from './sources.ts'

export type { OutputLine } from './outputs.ts'
export type { SourceLine } from './sources.ts'

type Store = StatsStore & QuarantineStore & StateStore

/** What was read, alerted, delivered and not understood: plain JSON, as `status --json` prints it. Numbers since the state was made. */
export interface StatusReport {
  readonly sources: readonly SourceLine[]
  readonly records: readonly Counted<'source' | 'schema'>[]
  readonly quarantined: readonly Counted<'source' | 'reason'>[]
  /** Decoded bytes. */
  readonly bytes: readonly Counted<'source'>[]
  readonly alerts: Overview['alerts']
  readonly hits: readonly Counted<'rule'>[]
  readonly ruleErrors: readonly Counted<'rule' | 'code'>[]
  readonly deliveries: Overview['deliveries']
  readonly outputs: readonly OutputLine[]
  readonly quarantine: readonly {
    readonly kind: 'record' | 'verdict'
    readonly reason: string
    readonly about: string | null
    readonly count: number
  }[]
  readonly drift: readonly Counted<'schema' | 'field'>[]
  readonly retimed: readonly Counted<'schema' | 'reason'>[]
  /** Rows and bytes kept, by table; empty where counting them would read all. */
  readonly sizes: Readonly<Record<string, number>>
  readonly failing: readonly Failing[]
  readonly blind: readonly Blind[]
  readonly silent: readonly Silent[]
  /** Alerts that are older, and what was sent of them, are not counted (ISO 8601). */
  readonly alertsSince?: string
}

/** A counter, summed over all labels but these; the largest first. */
export type Counted<L extends string> = Readonly<Record<L, string>> & { readonly count: number }

export interface StatusOptions {
  /** Epoch milliseconds. */
  readonly now: number
  /** Set where functions keep the state in a table that may be large: only so many of the newest alerts are counted. */
  readonly newest?: number
}

/** Reads the report from a store. */
export async function statusOf(store: Store, { now, newest }: StatusOptions): Promise<StatusReport> {
  const counts = await store.counts()
  const sum = <L extends string>(metric: Metric, ...labels: L[]) => sumBy(counts, metric, labels)
  const overview = await store.overview(newest === undefined ? {} : { newest })
  const { alerts, deliveries, since } = overview
  const health = await readHealth(store)
  const idle = newest === undefined ? 'stopped' : 'on demand'
  const groups = await store.quarantineGroups({ light: true })
  return {
    sources: sourcesOf(counts, await readSources(store), health, { now, idle }),
    records: sum('records', 'source', 'schema'),
    quarantined: sum('quarantined', 'source', 'reason'),
    bytes: sum('bytes', 'source'),
    alerts,
    hits: sum('hits', 'rule'),
    ruleErrors: sum('rule_errors', 'rule', 'code'),
    deliveries,
    outputs: outputsOf(deliveries, await readCircuits(store), now),
    quarantine: groups.map(({ kind, reason, about = null, count }) => ({ kind, reason, about, count })),
    drift: sum('drift', 'schema', 'field'),
    retimed: sum('retimed', 'schema', 'reason'),
    sizes: newest === undefined ? await store.sizes() : {},
    failing: health?.failing ?? [],
    blind: health?.blind ?? [],
    silent: health?.silent ?? [],
    ...(since !== undefined && { alertsSince: new Date(since).toISOString() }),
  }
}

function sumBy<L extends string>(counts: readonly Count[], metric: Metric, names: readonly L[]): Counted<L>[] {
  const sums = new Map<string, { readonly labels: readonly string[]; readonly n: number }>()
  for (const count of counts) {
    if (count.metric !== metric) continue
    const labels = names.map((name) => count.labels[name] ?? '')
    const key = JSON.stringify(labels)
    sums.set(key, { labels, n: (sums.get(key)?.n ?? 0) + count.n })
  }
  return [...sums.values()]
    .toSorted((a, b) => b.n - a.n || (String(a.labels) < String(b.labels) ? -1 : 1))
    .map(({ labels, n }) => {
      const named = Object.fromEntries(names.map((name, index) => [name, labels[index]!]))
      return { ...named, count: n } as Counted<L>
    })
}
