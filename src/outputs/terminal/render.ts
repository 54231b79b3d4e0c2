import type { Alert } from '../../core/contracts/index.ts'
import { padEnd, printable, shorten, textWidth, wrap } from '../../core/text/printable.ts'
import { type Paint, paintFor } from '../../core/text/paint.ts'
import { type ShownField, tellingFields } from './fields.ts'
import { type Mask, maskFor } from './mask.ts'

export interface RenderOptions {
  readonly colour: boolean
  readonly columns: number
  /** Paths of the schema whose values are not shown. */
  readonly sensitive: readonly string[]
}

/** Space for the widest badge, `CRITICAL`, with a blank at each side. */
const badgeWidth = 10
const fieldLines = 2

/**
 * An alert in three to six lines:
 *
 *   ▌ HIGH      sudo on web-3.pci                               2026-02-03 10:02:11 UTC
 *   ▌           sudo-in-pci · pci · osquery:differential from file:osquery · 3f9a1c2e
 *   ▌           Someone used sudo on a host of the PCI environment.
 *   ▌           username alice   cmdline sudo cat /etc/shadow
 *
 * Nothing from the log reaches the terminal but as printable text. Ends with a line feed.
 */
export function renderAlert(alert: Alert, options: RenderOptions): string {
  const paint = paintFor(options.colour)
  const mask = maskFor(alert, options.sensitive)
  const clean = (text: string) => printable(mask.text(text))
  const bar = paint.severity(alert.severity, '▌')
  const indent = options.columns < 60 ? 0 : badgeWidth + 1
  const columns = Math.max(20, options.columns - 2 - indent)
  const body = [...detailLines(alert, clean, columns, paint), ...fieldsIn(tellingFields(alert, mask), columns, paint)]
  const [first = '', ...titles] = headLines(alert, clean(alert.title), columns, paint)
  const badge = paint.badge(alert.severity, ` ${padEnd(alert.severity.toUpperCase(), badgeWidth - 2)} `)
  const head = indent === 0 ? [badge, first] : [`${badge} ${first}`]
  const rest = [...titles, ...body].map((line) => ' '.repeat(indent) + line)
  return [...head, ...rest].map((line) => `${bar}${line === '' ? '' : ' '}${line}\n`).join('')
}

/** The title, with the time at the right end of its line where there is room for it. */
function headLines(alert: Alert, title: string, columns: number, paint: Paint): string[] {
  const time = timeOf(alert)
  if (textWidth(title) + time.length + 2 <= columns) {
    return [paint.bold(padEnd(title, columns - time.length)) + paint.dim(time)]
  }
  return [...wrap(title, columns, 2).map(paint.bold), paint.dim(time)]
}

/** Event time to the second. UTC, as the logs of many machines are read side by side. */
const timeOf = ({ record }: Alert) => `${new Date(record.time).toISOString().slice(0, 19).replace('T', ' ')} UTC`

function detailLines(alert: Alert, clean: Mask['text'], columns: number, paint: Paint): string[] {
  const { rule, cluster, schema, source, id, mergedFrom } = alert
  const staged = alert.staged ? ['staged: sent to nobody'] : []
  const origin = [...staged, rule, cluster, `${schema} from ${source}`, id.slice(0, 8)].map(printable).join(' · ')
  const lines = [paint.dim(shorten(origin, columns))]
  if (mergedFrom) lines.push(paint.severity(alert.severity, shorten(merged(alert, mergedFrom), columns)))
  if (alert.updates === undefined) lines.push(...wrap(clean(alert.description), columns, 2))
  return lines
}

/** `… 14 more since 10:02:11, the last at 10:06:58`, for an update; else from when to when. */
function merged(alert: Alert, { count, first, last }: NonNullable<Alert['mergedFrom']>): string {
  const [from, to] = [first.slice(11, 19), last.slice(11, 19)]
  if (alert.updates !== undefined) return `… ${(count - 1).toLocaleString('en')} more since ${from}, the last at ${to}`
  return `${count.toLocaleString('en')} records from ${from} to ${to}`
}

/** `label value   label value`, as many as fit into few lines; a long value is cut. */
function fieldsIn(fields: readonly ShownField[], columns: number, paint: Paint): string[] {
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const field of fields) {
    const label = shorten(printable(field.label), Math.floor(columns / 2))
    const value = shorten(printable(field.value), columns - textWidth(label) - 1)
    const needed = textWidth(label) + 1 + textWidth(value)
    const shown = `${paint.dim(label)} ${paint.cyan(value)}`
    if (line !== '' && width + 3 + needed > columns) {
      lines.push(line)
      line = ''
      if (lines.length === fieldLines) return lines
    }
    width = line === '' ? needed : width + 3 + needed
    line = line === '' ? shown : `${line}   ${shown}`
  }
  return line === '' ? lines : [...lines, line]
}
