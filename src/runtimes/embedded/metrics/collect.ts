import type { Committed, Metric, Settlement, Store } from '../../../core/contracts/index.ts'
import type { SourceReport } from '../../../core/health/index.ts'
import { seldom } from '../seldom.ts'
import type { SourceWatch } from '../source-watch.ts'
import type { Family, Sample } from './exposition.ts'

/** What is counted for `/metrics`. Labels are names of the configuration and codes: few, whatever arrives. */
export interface Collector {
  committed(committed: Committed): void
  settled(settlement: Settlement): void
  families(): Promise<readonly Family[]>
}

export interface CollectHost {
  readonly store: Pick<Store, 'counts' | 'overview' | 'due'>
  readonly sourceWatch: Pick<SourceWatch, 'report'>
  readonly version: string
  now(): number
}

/** What is summed over the whole state is read so seldom at least. Milliseconds. */
const overviewEveryMs = 30_000

/** Counters of the store, which outlive the process: metric → name, labels, help. */
const stored: readonly (readonly [metric: Metric, name: string, labels: readonly string[], help: string])[] = [
  ['records', 'records', ['source', 'schema', 'cluster'], 'Records classified.'],
  ['quarantined', 'quarantined', ['source', 'cluster', 'reason'], 'Records that nothing classified.'],
  ['bytes', 'bytes', ['source'], 'Bytes of records, decompressed.'],
  ['refused', 'refused', ['source'], 'What a source refused: not authenticated, too large, not understood.'],
  ['repeated', 'repeated', ['source'], 'What a source was sent again and knew.'],
  ['dropped', 'dropped', ['source'], 'What a source gave up, or lost before it came here.'],
  ['hits', 'hits', ['rule'], 'Records that rules matched.'],
  ['rule_errors', 'rule_errors', ['rule', 'code'], 'Verdicts and parts of alerts that failed.'],
]

export function createCollector(host: CollectHost): Collector {
  const { store, now } = host
  const startedAt = now()
  const alerts = new Map<string, Sample>()
  const deliveries = new Map<string, Sample>()
  const overview = seldom(() => store.overview(), now, overviewEveryMs)

  return {
    committed(committed) {
      for (const { rule, severity, staged } of committed.alerts) add(alerts, { rule, severity, staged: String(staged) })
    },
    settled({ output, state, error }) {
      if (state !== 'pending') add(deliveries, { output, outcome: state })
      else if (error !== undefined) add(deliveries, { output, outcome: 'failed' })
    },
    async families() {
      const counted: Family[] = []
      for (const [metric, name, labels, help] of stored) {
        const counts = await store.counts(metric)
        counted.push({ name: `streamalert_${name}`, type: 'counter', help, samples: sumBy(counts, labels) })
      }
      const kept = (await overview()).deliveries
      return [
        ...counted,
        ...sourceFamilies(host.sourceWatch.report().sources, now()),
        counter('alerts', 'Alerts raised since the start.', [...alerts.values()]),
        counter('delivery_attempts', 'Tries to deliver an alert since the start.', [...deliveries.values()]),
        gauge(
          'deliveries',
          'Deliveries in the store, by state; read now and then.',
          kept.map(({ output, state, count }) => ({ labels: { output, state }, value: count })),
        ),
        gauge(
          'deliveries_waiting',
          'Deliveries that are still to be sent.',
          (await store.due()).map(({ output, count }) => ({ labels: { output }, value: count })),
        ),
        ...processFamilies(host.version, startedAt),
      ]
    },
  }
}

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  ...{ name: `streamalert_${name}`, type: 'gauge', help, samples },
})
const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  ...{ name: `streamalert_${name}`, type: 'counter', help, samples },
})

function add(samples: Map<string, Sample>, labels: Readonly<Record<string, string>>, n = 1): void {
  const key = JSON.stringify(labels)
  samples.set(key, { labels, value: n + (samples.get(key)?.value ?? 0) })
}

function sumBy(
  counts: readonly { readonly labels: Readonly<Record<string, string>>; readonly n: number }[],
  names: readonly string[],
): readonly Sample[] {
  const sums = new Map<string, Sample>()
  for (const { labels, n } of counts) add(sums, Object.fromEntries(names.map((name) => [name, labels[name] ?? ''])), n)
  return [...sums.values()]
}

function sourceFamilies(sources: Readonly<Record<string, SourceReport>>, now: number): readonly Family[] {
  const of = (name: string, help: string, value: (report: SourceReport) => number | undefined) =>
    gauge(
      `source_${name}`,
      help,
      Object.entries(sources).flatMap(([source, report]) => {
        const found = value(report)
        return found === undefined ? [] : [{ labels: { source }, value: found }]
      }),
    )
  return [
    of('up', '1: it is read. 0: it failed and is tried again.', ({ state }) => (state === 'retrying' ? 0 : 1)),
    of('rate', 'Records a second, over the last minute.', ({ rate }) => rate),
    of('lag_bytes', 'Bytes that wait to be read.', ({ lag }) => lag?.bytes),
    of('lag_items', 'Objects or messages that wait to be read.', ({ lag }) => lag?.items),
    of('delay_seconds', 'From its event until the latest record was stored.', ({ lastRecord, lastEvent }) =>
      lastRecord === undefined || lastEvent === undefined ? undefined : Math.max(0, lastRecord - lastEvent) / 1000,
    ),
    of('silent_seconds', 'Since the last record was stored.', ({ lastRecord }) =>
      lastRecord === undefined ? undefined : (now - lastRecord) / 1000,
    ),
    {
      ...{
        name: 'streamalert_source_errors',
        type: 'counter',
        help: 'How often a source, or a delivery of it, failed.',
      },
      samples: Object.entries(sources).map(([source, { errors }]) => ({ labels: { source }, value: errors })),
    },
  ]
}

function processFamilies(version: string, startedAt: number): readonly Family[] {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const one = (name: string, type: Family['type'], help: string, value: number): Family => ({
    ...{ name, type, help, samples: [{ value }] },
  })
  return [
    one('process_resident_memory_bytes', 'gauge', 'Resident memory.', rss),
    one('process_heap_bytes', 'gauge', 'Heap of the main thread in use.', heapUsed),
    one('process_cpu_seconds', 'counter', 'Processor time.', (user + system) / 1e6),
    one('process_start_time_seconds', 'gauge', 'When the engine was started, in seconds since 1970.', startedAt / 1000),
    gauge('build_info', 'The version.', [{ labels: { version, node: process.version }, value: 1 }]),
  ]
}
