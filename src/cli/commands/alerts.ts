import type { Alert, StoredAlert } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Cli, ExitCode } from '../cli.ts'
import type { AlertFilters } from '../history-commands.ts'
import { type Place, withReader } from '../reader.ts'
import { printable, shorten, table, thousands } from '../table.ts'

/** Shows the newest alerts; with `digest`, those that it stands for. NOT_FOUND when there is no such digest. */
export async function listAlerts(cli: Cli, { since, aws, ...filters }: AlertFilters & Place): Promise<ExitCode> {
  const query = { ...filters, ...(since !== undefined && { since: Date.now() - since }) }
  const place = aws ? { aws, cluster: filters.cluster } : {}
  const found = await withReader(cli, place, (reader) => reader.alerts(query))
  if (cli.json) for (const { alert } of found) cli.emit(alert)
  const columns = ['id', 'time', 'severity', 'rule', 'cluster', 'title', 'delivery'].map((title) => ({ title }))
  cli.say(found.length === 0 ? 'No alerts.' : table(columns, found.map(row)))
  return 0
}

function row({ alert, deliveries }: StoredAlert): string[] {
  const count = alert.mergedFrom && alert.mergedFrom.count > 1 ? ` (×${thousands(alert.mergedFrom.count)})` : ''
  const title = `${alert.updates === undefined ? '' : '↻ '}${shorten(alert.title, 60)}${count}`
  return [
    alert.id.slice(0, 12),
    alert.createdAt.slice(0, 19).replace('T', ' '),
    alert.severity,
    alert.rule,
    alert.cluster,
    title,
    delivery(alert, deliveries),
  ]
}

/** `sent`, or what is not. */
function delivery(alert: Alert, deliveries: StoredAlert['deliveries']): string {
  if (alert.staged) return 'staged'
  const open = deliveries.filter(({ state }) => state !== 'sent')
  return open.length === 0 ? 'sent' : open.map(({ output, state }) => `${state}: ${output}`).join(', ')
}

/** Shows one alert whole. `id` may be the beginning of an id. NOT_FOUND, AMBIGUOUS. */
export async function showAlert(cli: Cli, id: string, place: Place = {}): Promise<ExitCode> {
  const found = await withReader(cli, place, (reader) => reader.alert(id))
  if (!found)
    throw new CodedError('NOT_FOUND', `No alert has the id ${id}.`, { hint: '"streamalert alerts list" shows them.' })
  const { alert, deliveries } = found
  if (cli.json) {
    cli.emit({ ...alert, deliveries })
    return 0
  }
  const { record, mergedFrom } = alert
  const facts: [string, string][] = [
    ['id', alert.id],
    ['rule', alert.rule],
    ['severity', alert.severity],
    ['created', alert.createdAt],
    ['event', new Date(record.time).toISOString()],
    ['cluster', alert.cluster],
    ['source', alert.source],
    ['schema', alert.schema],
    ['position', record.position],
    ...(alert.updates === undefined ? [] : [['updates', alert.updates] satisfies [string, string]]),
    ...(mergedFrom
      ? [
          [
            'merged',
            `${thousands(mergedFrom.count)} matches from ${mergedFrom.first} to ${mergedFrom.last}`,
          ] satisfies [string, string],
        ]
      : []),
  ]
  const width = Math.max(...facts.map(([name]) => name.length))
  cli.say(`${printable(alert.title)}\n${printable(alert.description)}\n`)
  for (const [name, value] of facts) cli.say(`${name.padEnd(width)}  ${printable(value)}`)
  if (Object.keys(alert.context).length > 0) cli.say(`\ncontext\n${pretty(alert.context)}`)
  cli.say(`\nrecord\n${pretty(record.data)}`)
  if (mergedFrom)
    cli.say(
      `\nmerged\n${pretty({ by: mergedFrom.by, common: mergedFrom.common, differences: mergedFrom.differences })}`,
    )
  if (deliveries.length > 0) {
    const columns = [{ title: 'output' }, { title: 'state' }, { title: 'tries', right: true }, { title: 'error' }]
    cli.say(
      `\n${table(
        columns,
        deliveries.map((one) => [one.output, one.state, String(one.attempts), shorten(one.error ?? '', 200)]),
      )}`,
    )
  }
  return 0
}

/** Indented JSON, safe for a terminal: JSON escapes control characters but for a few beyond ASCII. */
const pretty = (value: unknown) => JSON.stringify(value, null, 2).split('\n').map(printable).join('\n')
