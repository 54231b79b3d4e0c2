import type { QuarantineEntry } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Cli, ExitCode } from '../cli.ts'
import type { QuarantineFilters } from '../history-commands.ts'
import { type Place, withReader } from '../reader.ts'
import { printable, shorten, table, thousands } from '../table.ts'

/** Shows what could not be processed: for people groups by reason, or with a filter the entries; for machines the entries. */
export async function listQuarantine(cli: Cli, flags: QuarantineFilters & Place): Promise<ExitCode> {
  const { aws, cluster, ...filters } = flags
  const filtered = filters.rule !== undefined || filters.schema !== undefined || filters.reason !== undefined
  const { entries, groups } = await withReader(cli, { aws, cluster }, async (reader) => ({
    entries: cli.json || filtered ? await reader.quarantine(filters) : [],
    groups: cli.json || filtered ? [] : await reader.quarantineGroups(),
  }))
  if (cli.json) for (const entry of entries) cli.emit(toJson(entry))
  else if (filtered)
    cli.say(entries.length === 0 ? 'Nothing is in quarantine that fits.' : table(entryColumns, entries.map(entryRow)))
  else if (groups.length === 0) cli.say('Nothing is in quarantine.')
  else {
    const rows = groups.map(({ reason, about = '', count, sample }) => [
      thousands(count),
      reason,
      about,
      sample.id.slice(0, 12),
      shorten(sample.message, 80),
    ])
    const columns = [
      { title: 'count', right: true },
      { title: 'reason' },
      { title: 'nearest schema or rule' },
      { title: 'for example' },
      { title: 'message' },
    ]
    cli.say(`${table(columns, rows)}\n\n"streamalert quarantine show ID" shows one whole.`)
  }
  return 0
}

const entryColumns = ['id', 'reason', 'about', 'position', 'message'].map((title) => ({ title }))

const entryRow = ({ id, reason, rule, nearest, position, message }: QuarantineEntry) => [
  id.slice(0, 12),
  reason,
  rule ?? nearest?.schema ?? '',
  position,
  shorten(message, 80),
]

/** Shows one entry whole. `id` may be the beginning of an id. NOT_FOUND, AMBIGUOUS. */
export async function showQuarantine(cli: Cli, id: string, place: Place = {}): Promise<ExitCode> {
  const found = await withReader(cli, place, (reader) => reader.quarantine({ id, limit: 2 }))
  const [entry, other] = found
  if (!entry) throw new CodedError('NOT_FOUND', `Nothing in quarantine has the id ${id}.`)
  if (other)
    throw new CodedError(
      'AMBIGUOUS',
      `More than one entry begins with ${id}: ${found.map((one) => one.id).join(', ')}.`,
    )
  if (cli.json) {
    cli.emit(toJson(entry))
    return 0
  }
  const { nearest } = entry
  const facts: [string, string | undefined][] = [
    ['id', entry.id],
    ['reason', `${entry.reason}: ${entry.message}`],
    ['rule', entry.rule],
    [
      'nearest',
      nearest &&
        `${nearest.schema}${nearest.field === undefined ? '' : `, field ${nearest.field}`}: ${nearest.message}`,
    ],
    ['source', entry.source],
    ['cluster', entry.cluster],
    ['position', entry.position],
    ['received', new Date(entry.receivedAt).toISOString()],
  ]
  for (const [name, value] of facts) if (value !== undefined) cli.say(`${name.padEnd(8)}  ${printable(value)}`)
  cli.say(`\n${textOf(entry).split('\n').map(printable).join('\n')}`)
  return 0
}

const textOf = ({ raw }: QuarantineEntry) => new TextDecoder().decode(raw)

/** An entry for machines: its bytes as text, and as base64 where they are no valid UTF-8. */
function toJson({ raw, receivedAt, ...entry }: QuarantineEntry) {
  const valid = Buffer.from(raw).equals(Buffer.from(new TextDecoder().decode(raw)))
  return {
    ...entry,
    receivedAt: new Date(receivedAt).toISOString(),
    text: new TextDecoder().decode(raw),
    ...(!valid && { base64: Buffer.from(raw).toString('base64') }),
  }
}
