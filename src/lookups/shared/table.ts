import Papa from 'papaparse'
import type { Table } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { isPlainObject } from '../../core/plain.ts'

/** Where a table comes from, for errors, and which column holds its keys. */
export interface TableOptions {
  readonly file: string
  /** Default: the first column of a CSV file, or of the first row of a list. */
  readonly key?: string
}

/**
 * A table from JSON: an object, whose names are the keys, or a list of rows, each an object that holds its key.
 * Throws LOOKUP_INVALID.
 */
export function tableFromJson(text: string, options: TableOptions): Table {
  const value = parseJson(text, options.file)
  if (Array.isArray(value))
    return fromRows(
      value.map((row: unknown) => ({ row })),
      options,
    )
  if (isPlainObject(value) && options.key === undefined) return new Map(Object.entries(value))
  const found = options.key === undefined ? '' : ' of rows, which "key" asks for'
  throw invalid(options.file, `It holds neither an object nor a list${found}.`)
}

/** A table from CSV (RFC 4180; commas, semicolons or tabs). The first line names the columns; values are texts. Throws LOOKUP_INVALID. */
export function tableFromCsv(text: string, options: TableOptions): Table {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimitersToGuess: [',', ';', '\t'],
    skipEmptyLines: true,
  })
  const [error] = errors.filter(({ type }) => type !== 'Delimiter')
  if (error) throw invalid(options.file, `${error.message}.`, (error.row ?? 0) + 1)
  const [header, ...rows] = data
  if (!header) throw invalid(options.file, 'It is empty: the first line names the columns.')
  const names = header.map((name) => name.trim())
  return fromRows(
    rows.map((cells, index) => {
      if (cells.length === names.length) return { row: toRow(names, cells), line: index + 2 }
      const found = `It has ${cells.length} cells, and the first line ${names.length}.`
      throw invalid(options.file, found, index + 2)
    }),
    { key: names[0]!, ...options },
  )
}

/** Entries are set as own properties, whatever a column is called. */
const toRow = (names: readonly string[], cells: readonly string[]) =>
  Object.fromEntries(names.map((name, column) => [name, cells[column]!]))

function fromRows(rows: readonly { row: unknown; line?: number }[], { file, key }: TableOptions): Table {
  const table = new Map<string, unknown>()
  const first = rows[0]?.row
  const column = key ?? (isPlainObject(first) ? Object.keys(first)[0] : undefined) ?? ''
  for (const [index, { row, line }] of rows.entries()) {
    const what = `Row ${index + 1}`
    if (!isPlainObject(row)) throw invalid(file, `${what} is no object.`, line)
    const value = Object.hasOwn(row, column) ? row[column] : undefined
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalid(file, `${what} has no text or number as its key "${column}".`, line)
    if (table.has(String(value))) throw invalid(file, `${what} has the key "${value}" of an earlier one.`, line)
    table.set(String(value), row)
  }
  return table
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw invalid(file, `It is not valid JSON: ${messageOf(error)}.`)
  }
}

const invalid = (file: string, message: string, line?: number) =>
  new CodedError('LOOKUP_INVALID', message, { place: { file, ...(line !== undefined && { line }) } })
