import { z } from 'zod'
import type { Gate, ParseFailure, ParseText } from '../core/contracts/index.ts'
import { defineParser } from '../core/parser.ts'
import { type CellSyntax, type Row, readRows } from './shared/cells.ts'
import { compileColumns } from './shared/columns.ts'

const nested = z.union([
  z.array(z.string()),
  z.strictObject({ columns: z.array(z.string()), delimiter: z.string().min(1).optional() }),
])

const options = z.strictObject({
  delimiter: z.string().min(1).default(',').meta({ description: 'Stands between two cells.' }),
  quote: z
    .string()
    .max(1)
    .default('"')
    .meta({ description: 'Encloses cells; doubled inside, it stands for itself. Empty: no quoting.' }),
  escape: z.string().length(1).optional().meta({ description: 'Makes the next character ordinary, such as `\\`.' }),
  header: z.boolean().default(false).meta({
    description:
      'The first line of the stream names the columns, at least one of them a field of the schema; with `columns`, it is passed over.',
  }),
  columns: z
    .array(z.string())
    .optional()
    .meta({ description: 'Names of the columns. Default: the fields of the schema, in order.' }),
  comment: z.string().min(1).optional().meta({ description: 'Lines that begin so hold no record.' }),
  multiline: z.boolean().default(false).meta({ description: 'Quoted cells may contain line feeds.' }),
  atLeast: z.int().positive().optional().meta({
    description:
      'Rows may end early, after this many cells; fields of the rest are absent. Default: rows must be complete.',
  }),
  rest: z
    .string()
    .optional()
    .meta({ description: 'Field that takes surplus cells, as a list. Default: rows with more cells are failures.' }),
  absent: z
    .array(z.string())
    .default([])
    .meta({ description: 'Cells with one of these texts are left out, such as `-`.' }),
  nested: z
    .record(z.string(), nested)
    .default({})
    .meta({ description: 'Columns whose cells are rows themselves: column → names of its cells.' }),
})

/**
 * Delimiter-separated values (RFC 4180, any delimiter, quotes, escapes). A row with too many or too few cells is a failure
 * that says so. Headers, also repeated ones, comments and blank lines hold no record; a first line that cannot be the
 * header, since it names no field of the schema, is a failure, as are all rows of its stream.
 */
export const csv = defineParser({
  name: 'csv',
  summary: 'Rows of cells with any delimiter, with a header or fixed columns.',
  options,
  framing: (given) => (given.multiline ? 'quoted' : 'lines'),
  gate: ({ header, columns, ...given }) => (columns && !header ? holdsCells(columns.length, given) : undefined),
  usesFields: (given) => given.columns === undefined,
  compile(given, fields): ParseText {
    const { delimiter, quote, escape, comment } = given
    const syntax: CellSyntax = { delimiter, quote, escape: escape === quote ? undefined : escape }
    const toRecord = (names: readonly string[]) => compileColumns(names, { ...given, syntax })
    const fixed = given.header && !given.columns ? undefined : toRecord(given.columns ?? fields)
    const ours = new Set(fields)
    const { length } = given.columns ?? []
    const fits = (cells: number) =>
      cells >= Math.min(given.atLeast ?? length, length) && (cells <= length || given.rest !== undefined)
    let known: { line: string; read: ReturnType<typeof toRecord> | ParseFailure } | undefined

    /** Columns by the stream's header; those of the last header seen are remembered. Without a schema, any line may be one. */
    const byHeader = (line: string) => {
      if (known?.line !== line) {
        const names = (readRows(line, syntax)[0]?.cells ?? []).map((name) => name.trim())
        const isHeader = ours.size === 0 || names.some((name) => ours.has(name))
        known = { line, read: isHeader ? toRecord(names) : noHeader }
      }
      return known.read
    }

    return (text, context) => {
      const rows = readRows(text, syntax).filter((row) => !isComment(row, text, comment))
      if (rows.length === 0) return []
      const head = given.header && context.first ? rows.shift() : undefined
      if (head && given.columns && !fits(head.cells.length)) return noHeader
      const line = head ? text.slice(head.start, rows[0]?.start ?? text.length) : context.firstLine
      if (line === undefined && !fixed) return { failure: 'the header of the stream is not known' }
      const read = fixed ?? byHeader(withoutMark(line as string))
      if (typeof read !== 'function') return read
      // Files put together repeat their header.
      if (given.header && !context.first && sameLine(text, context.firstLine)) return []
      return rows.map((row) => unclosed(row) ?? read(row.cells))
    }
  },
})

type Options = z.output<typeof options>

/** Counts delimiters: of fewer than a row needs none can be made; of more only where quotes enclose some. */
function holdsCells(columns: number, given: Omit<Options, 'header' | 'columns'>): Gate {
  const { delimiter, quote, escape, comment } = given
  const least = Math.min(given.atLeast ?? columns, columns) - 1
  const most =
    quote !== '' || escape !== undefined || given.rest !== undefined || given.multiline ? Infinity : columns - 1
  const passes = (text: string) => {
    if (comment !== undefined && text.startsWith(comment)) return true
    const enough = most === Infinity ? least : columns
    let count = 0
    for (let at = text.indexOf(delimiter); at >= 0 && count < enough; count++) {
      at = text.indexOf(delimiter, at + delimiter.length)
    }
    return count >= least && count <= most
  }
  return { name: `csv ${JSON.stringify([delimiter, comment, least, most])}`, passes }
}

const noHeader: ParseFailure = { failure: 'the first line of the stream is no header of these columns' }

/** A byte order mark is no part of the first column's name. */
const withoutMark = (line: string): string => (line.charCodeAt(0) === 0xfeff ? line.slice(1) : line)

const sameLine = (text: string, line: string | undefined): boolean =>
  line !== undefined && text.trimEnd() === withoutMark(line).trimEnd()

const isComment = (row: Row, text: string, comment: string | undefined): boolean =>
  comment !== undefined && text.startsWith(comment, row.start)

const unclosed = (row: Row): ParseFailure | undefined =>
  row.open === undefined ? undefined : { failure: 'a quote is opened and not closed', at: row.open }
