import { stripVTControlCharacters } from 'node:util'

/** A column: its heading, and whether its values are numbers and stand to the right. */
export interface Column {
  readonly title: string
  readonly right?: boolean
}

/** Rows under headings, as wide as their contents. Empty when there are no rows. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const lines = [columns.map((column) => column.title), ...rows.map((row) => row.map(printable))]
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => width(line[index] ?? ''))))
  return lines
    .map((line) =>
      columns
        .map((column, index) => pad(line[index] ?? '', widths[index]!, column.right ?? false))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Log data with everything that could command a terminal, or break a line, shown as harmless text. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) =>
    character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** At most `length` characters, the cut shown by an ellipsis. */
export const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

/** 12,345 */
export const thousands = (value: number) => value.toLocaleString('en-US')

/** 1.5 MB; 1 KB is 1024 bytes. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, value > 0 ? Math.floor(Math.log2(value) / 10) : 0)
  const scaled = value / 1024 ** power
  return `${power === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[power]}`
}

const segmenter = new Intl.Segmenter()

const width = (text: string) => [...segmenter.segment(stripVTControlCharacters(text))].length

function pad(text: string, to: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, to - width(text)))
  return right ? gap + text : text + gap
}
