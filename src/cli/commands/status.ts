import type { Count, Metric, Store } from '../../core/contracts/index.ts'
import { type Blind, readHealth, readSources } from '../../core/health/index.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { withStore } from '../store.ts'
import { outputsOf, readCircuits } from './status-outputs.ts'
import { sourcesOf, sourceTable } from './status-sources.ts'
import { type Column, bytes, table, thousands } from '../table.ts'

/** A counter summed over all labels but some. */
interface Sum {
  readonly labels: readonly string[]
  readonly n: number
}

/** Shows what was read, alerted, delivered, and not understood, since the state was made. */
export async function status(cli: Cli): Promise<ExitCode> {
  const found = await withStore(cli, read)
  if (cli.json) cli.emit(toJson(found))
  const text = describe(found)
  cli.say(text === '' ? 'Nothing was read yet. "streamalert run" reads the sources.' : text)
  return 0
}

type Status = Awaited<ReturnType<typeof read>>

async function read(store: Store) {
  const counts = await store.counts()
  const sum = (metric: Metric, ...names: string[]) => sumBy(counts, metric, names)
  const { alerts, deliveries } = await store.overview()
  const health = await readHealth(store)
  return {
    sources: sourcesOf(counts, await readSources(store), health),
    records: sum('records', 'source', 'schema'),
    quarantined: sum('quarantined', 'source', 'reason'),
    bytes: sum('bytes', 'source'),
    hits: sum('hits', 'rule'),
    ruleErrors: sum('rule_errors', 'rule', 'code'),
    drift: sum('drift', 'schema', 'field'),
    retimed: sum('retimed', 'schema', 'reason'),
    quarantine: await store.quarantineGroups(),
    sizes: await store.sizes(),
    alerts,
    deliveries,
    outputs: outputsOf(deliveries, await readCircuits(store)),
    health,
  }
}

function sumBy(counts: readonly Count[], metric: Metric, names: readonly string[]): Sum[] {
  const sums = new Map<string, Sum>()
  for (const count of counts) {
    if (count.metric !== metric) continue
    const labels = names.map((name) => count.labels[name] ?? '')
    const key = JSON.stringify(labels)
    sums.set(key, { labels, n: (sums.get(key)?.n ?? 0) + count.n })
  }
  return [...sums.values()].toSorted((a, b) => b.n - a.n || (String(a.labels) < String(b.labels) ? -1 : 1))
}

function toJson(found: Status) {
  const named = (sums: readonly Sum[], ...names: string[]) =>
    sums.map(({ labels, n }) => ({
      ...Object.fromEntries(names.map((name, index) => [name, labels[index]])),
      count: n,
    }))
  return {
    sources: found.sources,
    records: named(found.records, 'source', 'schema'),
    quarantined: named(found.quarantined, 'source', 'reason'),
    bytes: named(found.bytes, 'source'),
    alerts: found.alerts,
    hits: named(found.hits, 'rule'),
    ruleErrors: named(found.ruleErrors, 'rule', 'code'),
    deliveries: found.deliveries,
    outputs: found.outputs,
    quarantine: found.quarantine.map(({ kind, reason, about = null, count }) => ({ kind, reason, about, count })),
    drift: named(found.drift, 'schema', 'field'),
    retimed: named(found.retimed, 'schema', 'reason'),
    sizes: found.sizes,
    failing: found.health?.failing ?? [],
    blind: found.health?.blind ?? [],
    silent: found.health?.silent ?? [],
  }
}

function describe(found: Status): string {
  const { alerts, outputs, quarantine, sizes, health } = found
  const total = (sums: readonly Sum[]) => thousands(sums.reduce((all, { n }) => all + n, 0))
  const sections: [string, readonly Column[], string[][]][] = [
    ['Sources', ...sourceTable(found.sources)],
    [`Read: ${total(found.records)} records`, columns('source', 'schema', '#records'), rows(found.records)],
    [
      'Alerts',
      columns('rule', 'severity', '', '#alerts'),
      alerts.map((one) => [one.rule, one.severity, one.staged ? 'staged' : '', thousands(one.count)]),
    ],
    [
      'Outputs',
      columns('output', '#sent', '#waiting', '#dead', '#digested', 'left alone until', 'last error'),
      outputs.map((one) => [
        one.output,
        ...[one.sent, one.waiting, one.dead, one.digested].map(thousands),
        one.pausedUntil ?? '',
        one.error ?? '',
      ]),
    ],
    [
      'Quarantine',
      columns('reason', 'nearest schema or rule', '#count'),
      quarantine.map((one) => [one.reason, one.about ?? '', thousands(one.count)]),
    ],
    ['Rule errors', columns('rule', 'error', '#count'), rows(found.ruleErrors)],
    [
      'Failing rules',
      columns('rule', '#failed', '#of records', 'error'),
      health?.failing.map((one) => [one.rule, thousands(one.failed), thousands(one.asked), one.error]) ?? [],
    ],
    [
      'Blind rules',
      columns('rules', 'no record of', 'in', 'since'),
      health?.blind.map((one) => [
        list(one.rules),
        list(one.schemas) || 'any log type',
        list(one.clusters) || 'any cluster',
        since(one),
      ]) ?? [],
    ],
    ['Unknown fields, kept', columns('schema', 'field', '#records'), rows(found.drift).slice(0, 20)],
    ['Event time replaced', columns('schema', 'reason', '#records'), rows(found.retimed)],
  ]
  const shown = sections.filter(([, , content]) => content.length > 0)
  if (shown.length === 0) return ''
  const size = sizes['bytes'] === undefined ? '' : `\n\nState: ${bytes(sizes['bytes'])}`
  return shown.map(([title, heads, content]) => `${title}\n${indent(table(heads, content))}`).join('\n\n') + size
}

const list = (names: readonly string[]) => names.join(', ')
const since = ({ lastSeen }: Blind) => (lastSeen === null ? 'ever' : new Date(lastSeen).toISOString())

const rows = (sums: readonly Sum[]) => sums.map(({ labels, n }) => [...labels, thousands(n)])

/** Headings; `#` begins those of numbers. */
const columns = (...titles: string[]): Column[] =>
  titles.map((title) => (title.startsWith('#') ? { title: title.slice(1), right: true } : { title }))

const indent = (text: string) => text.replace(/^/gm, '  ')
