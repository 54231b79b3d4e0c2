import type { Parsed, ParseFailure } from '../../core/contracts/index.ts'
import { type CellSyntax, readRows } from './cells.ts'
import { asKey, put } from './record.ts'

/** How a row becomes a record; see the options of `csv`. */
export interface ColumnRules {
  readonly syntax: CellSyntax
  readonly atLeast?: number | undefined
  readonly rest?: string | undefined
  readonly absent: readonly string[]
  readonly nested?: Readonly<
    Record<string, readonly string[] | { readonly columns: readonly string[]; readonly delimiter?: string | undefined }>
  >
}

/** Compiles the way from cells to a record. The rest field is no column, though a schema lists it among its fields. */
export function compileColumns(
  given: readonly string[],
  rules: ColumnRules,
): (cells: readonly string[]) => Parsed | ParseFailure {
  const { rest } = rules
  const names = given.filter((name) => name !== rest).map(asKey)
  const least = Math.min(rules.atLeast ?? names.length, names.length)
  const absent = new Set(rules.absent)
  const nested = new Map(
    Object.entries(rules.nested ?? {}).map(([name, inner]) => [name, compileNested(inner, rules)] as const),
  )
  return (cells) => {
    const found = cells.length
    if (found < least || (found > names.length && rest === undefined)) {
      const expected = least < names.length ? `${least} to ${names.length}` : String(names.length)
      return { failure: `expected ${expected} columns, found ${found}` }
    }
    const data: Record<string, unknown> = {}
    const count = Math.min(found, names.length)
    for (let index = 0; index < count; index++) {
      const name = names[index] as string
      const cell = cells[index] as string
      if (absent.has(cell)) continue
      const inner = nested.get(name)
      if (inner === undefined) {
        put(data, name, cell)
        continue
      }
      const result = inner(cell)
      if ('failure' in result) return { failure: `column ${name}: ${result.failure}` }
      put(data, name, result.data)
    }
    if (rest !== undefined && found > names.length) put(data, rest, cells.slice(names.length))
    return { data }
  }
}

function compileNested(
  inner: NonNullable<ColumnRules['nested']>[string],
  { syntax, absent }: ColumnRules,
): (cell: string) => Parsed | ParseFailure {
  const columns = 'columns' in inner ? inner.columns : inner
  const delimiter = ('columns' in inner ? inner.delimiter : undefined) ?? syntax.delimiter
  const own: CellSyntax = { ...syntax, delimiter }
  const read = compileColumns(columns, { syntax: own, absent })
  return (cell) => {
    const rows = readRows(cell, own)
    if (rows.length > 1) return { failure: `expected one row, found ${rows.length}` }
    return read(rows[0]?.cells ?? [''])
  }
}
