import { type Code, codes } from '../../../core/errors.ts'
import { severities } from '../../../core/severity.ts'
import { type Paint, paintFor } from '../../../core/text/paint.ts'
import { printable, shorten } from '../../../core/text/printable.ts'
import { byteSize, plural, span, thousands } from '../../../core/text/quantity.ts'
import { columnsOf } from '../../../core/text/table.ts'
import type { Tally, Trouble } from './tally.ts'

export interface SummaryOptions {
  readonly colour: boolean
  readonly columns: number
  readonly elapsedMs: number
  /** How the person calls the program here, such as `npx streamalert --project examples/quickstart`. */
  readonly command: string
  /** The id of an alert, for the commands to try. */
  readonly anAlert?: string
  /** Deliveries that still wait to be sent. */
  readonly waiting: number
  /** The run has come to its end, and answers with an exit code. */
  readonly once: boolean
}

/** What becomes of deliveries that were not sent. */
export const stillWaiting = (count: number): string =>
  `${plural(count, 'delivery', 'deliveries')} still to be sent; the next run goes on with them`

/** Rows of one section at most; the rest is counted. */
const mostRows = 20

/** What a run did: read, classified, alerted, not understood; and what to type next. */
export function renderSummary(tally: Tally, options: SummaryOptions): string {
  const paint = paintFor(options.colour)
  const sections = [
    readSection(tally, options, paint),
    classifiedSection(tally),
    alertedSection(tally, options, paint),
    troubleSection('Not understood', tally.unknown, tally.quarantined, options, paint, describeUnknown),
    troubleSection('Rule errors', tally.failed, total(tally.failed), options, paint, describeFailed),
    nextSection(tally, options),
  ]
  const lines = sections
    .filter((section) => section !== undefined)
    .flatMap(({ title, note, rows }) => [
      '',
      `${paint.bold(title)}${note ? `  ${note}` : ''}`,
      ...rows.map((row) => `  ${row}`),
    ])
  return `${paint.dim('─'.repeat(Math.min(options.columns - 1, 100)))}${lines.join('\n')}\n\n`
}

interface Section {
  readonly title: string
  readonly note?: string
  readonly rows: readonly string[]
}

function readSection(tally: Tally, { elapsedMs }: SummaryOptions, paint: Paint): Section {
  const records = tally.records + tally.quarantined
  const rows = capped(
    [...tally.sources].map(([source, { cluster, bytes, ...counts }]) => [
      printable(source),
      paint.dim(printable(cluster)),
      plural(counts.records + counts.quarantined, 'record'),
      byteSize(bytes),
    ]),
  )
  const rate = elapsedMs > 0 ? ` (${thousands((records / elapsedMs) * 1_000)}/s)` : ''
  const note =
    records === 0
      ? 'nothing new'
      : `${plural(records, 'record')}, ${byteSize(tally.bytes)} in ${span(elapsedMs)}${rate}`
  return { title: 'Read', note, rows: columnsOf(rows, [2, 3]) }
}

function classifiedSection({ schemas, records }: Tally): Section | undefined {
  if (records === 0) return undefined
  const rows = capped(
    [...schemas].sort(([, a], [, b]) => b - a).map(([schema, count]) => [printable(schema), thousands(count)]),
  )
  return { title: 'Classified', note: plural(records, 'record'), rows: columnsOf(rows, [1]) }
}

function alertedSection(tally: Tally, { waiting }: SummaryOptions, paint: Paint): Section {
  const rules = [...tally.rules].sort(
    ([, a], [, b]) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.alerts - a.alerts,
  )
  const rows = capped(
    rules.map(([rule, { severity, alerts, merged, staged }]) => [
      paint.severity(severity, severity.toUpperCase()),
      printable(rule),
      thousands(alerts),
      [...(merged > 0 ? [`+${thousands(merged)} merged`] : []), ...(staged ? ['staged'] : [])]
        .map(paint.dim)
        .join(', '),
    ]),
  )
  const delivered = [...tally.outputs].map(([output, { sent, dead }]) => [
    paint.dim(`→ ${printable(output)}`),
    `${thousands(sent)} delivered`,
    dead > 0 ? paint.red(`${thousands(dead)} given up`) : '',
  ])
  const waits = waiting > 0 ? [paint.yellow(stillWaiting(waiting))] : []
  return {
    title: 'Alerted',
    note: plural(tally.alerts, 'alert') + (tally.updates > 0 ? `, ${plural(tally.updates, 'update')}` : ''),
    rows: [...columnsOf(rows, [2]), ...columnsOf(capped(delivered)), ...waits],
  }
}

type Describe = (sample: Trouble['sample']) => string

const describeUnknown: Describe = ({ message, nearest }) => {
  if (!nearest) return message
  return `nearest ${nearest.schema}${nearest.field ? `, field ${nearest.field}` : ''}: ${nearest.message}`
}

const describeFailed: Describe = ({ rule = '', message }) => `${rule}: ${message}`

/** What a code of the table of errors means. */
const meaningOf = (code: string) => (Object.hasOwn(codes, code) ? codes[code as Code].replace(/\.$/, '') : '')

function troubleSection(
  title: string,
  troubles: Tally['unknown'],
  count: number,
  { columns }: SummaryOptions,
  paint: Paint,
  describe: Describe,
): Section | undefined {
  if (count === 0) return undefined
  const sorted = [...troubles.values()].sort((a, b) => b.count - a.count)
  const rows = sorted.slice(0, mostRows).flatMap((trouble) => {
    const { reason } = trouble.sample
    return [
      `${paint.yellow(thousands(trouble.count))} × ${meaningOf(reason)} ${paint.dim(printable(reason))}`,
      `  ${shorten(printable(describe(trouble.sample)), columns - 4)}`,
      paint.dim(`  such as ${shorten(printable(trouble.sample.position), columns - 12)}`),
    ]
  })
  const rest = sorted.length > mostRows ? [`and ${sorted.length - mostRows} other kinds`] : []
  return { title, note: thousands(count), rows: [...rows, ...rest] }
}

const total = (troubles: Tally['unknown']) => [...troubles.values()].reduce((sum, { count }) => sum + count, 0)

function nextSection(tally: Tally, { command, anAlert, once }: SummaryOptions): Section {
  const rows = [
    ...(anAlert === undefined
      ? [['alerts list', 'the alerts so far, newest first']]
      : [
          ['alerts list', 'all alerts, newest first'],
          [`alerts show ${anAlert.slice(0, 8)}`, 'one of them in full, with its record'],
        ]),
    ...(tally.unknown.size + tally.failed.size > 0 ? [['quarantine list', 'what was not understood, and why']] : []),
    ...(tally.failed.size > 0
      ? [['quarantine retry', `once the rules are mended${once ? '; for now this run ends with exit code 1' : ''}`]]
      : []),
    ['status', 'sources, rules and outputs at a glance'],
  ]
  return { title: 'Next', rows: columnsOf(rows.map(([what = '', why = '']) => [`${command} ${what}`, why])) }
}

function capped(rows: readonly (readonly string[])[]): (readonly string[])[] {
  if (rows.length <= mostRows) return [...rows]
  return [...rows.slice(0, mostRows - 1), [`and ${rows.length - mostRows + 1} more`]]
}
