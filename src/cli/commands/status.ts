import type { Blind } from '../../core/health/index.ts'
import type { StatusReport } from '../../core/status/index.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { type Place, withReader } from '../reader.ts'
import { sourceTable } from './status-sources.ts'
import { type Column, bytes, table, thousands } from '../table.ts'

/** Shows what was read, alerted, delivered, and not understood, since the state was made. */
export async function status(cli: Cli, place: Place = {}): Promise<ExitCode> {
  const found = await withReader(cli, place, (reader) => reader.status())
  if (cli.json) cli.emit(found)
  const text = describe(found)
  const none = place.aws ? 'Nothing was read yet.' : 'Nothing was read yet. "streamalert run" reads the sources.'
  cli.say(text === '' ? none : text)
  return 0
}

function describe(found: StatusReport): string {
  const { alerts, outputs, quarantine, sizes, failing, blind } = found
  const total = (sums: readonly Counted[]) => thousands(sums.reduce((all, { count }) => all + count, 0))
  const sections: [string, readonly Column[], string[][]][] = [
    ['Sources', ...sourceTable(found.sources)],
    [`Read: ${total(found.records)} records`, columns('source', 'schema', '#records'), rows(found.records)],
    [
      found.alertsSince === undefined ? 'Alerts' : `Alerts since ${found.alertsSince}`,
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
      failing.map((one) => [one.rule, thousands(one.failed), thousands(one.asked), one.error]),
    ],
    [
      'Blind rules',
      columns('rules', 'no record of', 'in', 'since'),
      blind.map((one) => [
        list(one.rules),
        list(one.schemas) || 'any log type',
        list(one.clusters) || 'any cluster',
        since(one),
      ]),
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

type Counted = Readonly<Record<string, string | number>> & { readonly count: number }

const rows = (sums: readonly Counted[]) =>
  sums.map(({ count, ...labels }) => [...Object.values(labels).map(String), thousands(count)])

/** Headings; `#` begins those of numbers. */
const columns = (...titles: string[]): Column[] =>
  titles.map((title) => (title.startsWith('#') ? { title: title.slice(1), right: true } : { title }))

const indent = (text: string) => text.replace(/^/gm, '  ')
