import type { SourceLine } from '../../core/status/index.ts'
import { span } from '../../core/text/quantity.ts'
import { bytes, type Column, shorten, thousands } from '../table.ts'

const count = (name: 'quarantined' | 'refused' | 'repeated' | 'dropped' | 'errors') =>
  [name, (line: SourceLine) => (line[name] === 0 ? '' : thousands(line[name])), true] as const

/** Columns of the table for people; those in which nothing stands are left out. */
const columns: readonly (readonly [title: string, text: (line: SourceLine) => string, right?: boolean])[] = [
  ['source', ({ source }) => source],
  ['state', stateOf],
  ['records/s', ({ rate }) => (rate === 0 ? '' : rate >= 10 ? thousands(Math.round(rate)) : rate.toFixed(1)), true],
  ['delay', ({ delayMs }) => (delayMs === undefined ? '' : span(delayMs)), true],
  ['waiting', waitingOf, true],
  ['last record', ({ lastRecord = '' }) => lastRecord],
  count('quarantined'),
  count('refused'),
  count('repeated'),
  count('dropped'),
  count('errors'),
  ['last error', ({ error }) => (error ? shorten(`${error.at} ${error.code} ${error.message}`, 160) : '')],
]

function stateOf({ state, since, silent }: SourceLine): string {
  const text = state === 'retrying' && since !== undefined ? `retrying since ${since}` : state
  return silent ? `${text}, silent` : text
}

function waitingOf({ lag }: SourceLine): string {
  const parts = [lag.bytes ? bytes(lag.bytes) : '', lag.items ? `${thousands(lag.items)} items` : '']
  return parts.filter((part) => part !== '').join(', ')
}

/** Headings and rows. */
export function sourceTable(lines: readonly SourceLine[]): readonly [readonly Column[], string[][]] {
  const used = columns.filter(([, text]) => lines.some((line) => text(line) !== ''))
  return [
    used.map(([title, , right]) => ({ title, ...(right && { right }) })),
    lines.map((line) => used.map(([, text]) => text(line))),
  ]
}
