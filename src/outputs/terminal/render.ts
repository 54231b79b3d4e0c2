import type { Alert } from '../../core/contracts/index.ts'
import { padEnd, printable, shorten, textWidth, wrap } from '../../core/text/printable.ts'
import { type Paint, paintFor } from '../../core/text/paint.ts'
import { type ShownField, tellingFields } from './fields.ts'
import { maskFor } from './mask.ts'

export interface RenderOptions {
  readonly colour: boolean
  readonly columns: number
  /** Paths of the schema whose values are not shown. */
  readonly sensitive: readonly string[]
}

/** Space for the widest badge, `CRITICAL`, with a blank at each side. */
const badgeWidth = 10
const mostFieldLines = 2

/**
 * An alert in three to six lines:
 *
 *   ▌ HIGH      sudo on web-3.pci                               2026-02-03 10:02:11 UTC
 *   ▌           3f9a1c2e · sudo-in-pci · pci · osquery:differential from file:osquery
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

  const title = clean(oneLine(alert.title))
  const time = timeOf(alert)
  const timeFits = textWidth(title) + time.length + 2 <= columns
  const titles = timeFits
    ? [paint.bold(padEnd(title, columns - time.length)) + paint.dim(time)]
    : wrap(title, columns, 2).map(paint.bold)
  const lines = [
    ...titles,
    paint.dim(shorten([...(timeFits ? [] : [time]), ...originOf(alert)].map(clean).join(' · '), columns)),
    ...summaryLines(alert, columns, paint),
    ...(alert.updates === undefined ? wrap(clean(oneLine(alert.description)), columns, 2) : []),
    ...fieldLines(tellingFields(alert, mask), columns, paint),
  ]
  const badge = badgeOf(alert, paint)
  const [first = '', ...rest] = lines.map((line, index) => (index === 0 ? line : ' '.repeat(indent) + line))
  const head = indent === 0 ? [badge, first] : [`${badge} ${first}`]
  return [...head, ...rest].map((line) => `${bar} ${line}\n`).join('')
}

/** An update is a lesser sight: its severity has been seen before. */
function badgeOf(alert: Alert, paint: Paint): string {
  const text = ` ${padEnd(alert.severity.toUpperCase(), badgeWidth - 2)} `
  return alert.updates === undefined ? paint.badge(alert.severity, text) : paint.severity(alert.severity, text)
}

/** Authors break long texts over lines; a screen breaks them where it ends. */
const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, ' ')

/** Event time to the second. UTC, as the logs of many machines are read side by side. */
const timeOf = ({ record }: Alert) => `${new Date(record.time).toISOString().slice(0, 19).replace('T', ' ')} UTC`

function originOf({ staged, rule, cluster, schema, source, id }: Alert): string[] {
  return [...(staged ? ['staged: sent to nobody'] : []), id.slice(0, 8), rule, cluster, `${schema} from ${source}`]
}

/** What a merged alert stands for: `… 14 more since 10:02:11, the last at 10:06:58` for an update, else from when to when. */
function summaryLines({ mergedFrom, updates, severity }: Alert, columns: number, paint: Paint): string[] {
  if (!mergedFrom) return []
  const { count } = mergedFrom
  const [first = '', last = ''] = [mergedFrom.first, mergedFrom.last].map((time) => printable(time.slice(11, 19)))
  const text =
    updates === undefined
      ? `${count.toLocaleString('en')} records from ${first} to ${last}`
      : `… ${(count - 1).toLocaleString('en')} more since ${first}, the last at ${last}`
  return [paint.severity(severity, shorten(text, columns))]
}

/** `label value   label value`, as many as fit into few lines; a long value is cut. */
function fieldLines(fields: readonly ShownField[], columns: number, paint: Paint): string[] {
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
      if (lines.length === mostFieldLines) return lines
    }
    width = line === '' ? needed : width + 3 + needed
    line = line === '' ? shown : `${line}   ${shown}`
  }
  return line === '' ? lines : [...lines, line]
}
