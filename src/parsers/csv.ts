import { z } from 'zod'
import type { ParseFailure, ParseText } from '../core/contracts/index.ts'
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
  header: z
    .boolean()
    .default(false)
    .meta({ description: 'The first line of the stream names the columns; with `columns`, it is passed over.' }),
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

/** Delimiter-separated values (RFC 4180, any delimiter, quotes, escapes). A row with too many or too few cells is a failure that says so. */
export const csv = defineParser({
  name: 'csv',
  summary: 'Rows of cells with any delimiter, with a header or fixed columns.',
  options,
  framing: (given) => (given.multiline ? 'quoted' : 'lines'),
  usesFields: (given) => !given.header && given.columns === undefined,
  compile(given, fields): ParseText {
    const { delimiter, quote, escape, comment } = given
    const syntax: CellSyntax = { delimiter, quote, escape: escape === quote ? undefined : escape }
    const toRecord = (names: readonly string[]) => compileColumns(names, { ...given, syntax })
    const fixed = given.header && !given.columns ? undefined : toRecord(given.columns ?? fields)
    let known: { line: string; read: ReturnType<typeof toRecord> } | undefined

    /** Columns by the stream's header; those of the last header seen are remembered. */
    const byHeader = (line: string) => {
      if (known?.line !== line) {
        const names = readRows(line, syntax)[0]?.cells ?? []
        known = { line, read: toRecord(names.map((name) => name.trim())) }
      }
      return known.read
    }

    return (text, context) => {
      const rows = readRows(text, syntax).filter((row) => !isComment(row, text, comment))
      const head = given.header && context.first ? rows.shift() : undefined
      // Files put together repeat their header.
      if (given.header && !context.first && sameLine(text, context.firstLine)) return []
      const line = head ? text.slice(head.start, rows[0]?.start ?? text.length) : context.firstLine
      if (line === undefined && !fixed) return context.first ? [] : { failure: 'the header of the stream is not known' }
      const read = fixed ?? byHeader(withoutMark(line as string))
      return rows.map((row) => unclosed(row) ?? read(row.cells))
    }
  },
})

/** A byte order mark is no part of the first column's name. */
const withoutMark = (line: string): string => (line.charCodeAt(0) === 0xfeff ? line.slice(1) : line)

const sameLine = (text: string, line: string | undefined): boolean =>
  line !== undefined && text.trimEnd() === withoutMark(line).trimEnd()

const isComment = (row: Row, text: string, comment: string | undefined): boolean =>
  comment !== undefined && text.startsWith(comment, row.start)

const unclosed = (row: Row): ParseFailure | undefined =>
  row.open === undefined ? undefined : { failure: 'a quote is opened and not closed', at: row.open }
