import type { Schema } from '../../core/contracts/index.ts'
import { type Field, type Fields, isWrapper, type Scalar } from '../../core/fields/spec.ts'
import { CodedError } from '../../core/errors.ts'

/** A column of a table in Athena: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
export interface Column {
  readonly name: string
  readonly type: string
}

/** Columns of every table, before the fields of its log type: the record's id, when it happened, where it came from. */
export const recordColumns: readonly Column[] = [
  { name: 'streamalert_id', type: 'string' },
  { name: 'streamalert_time', type: 'timestamp' },
  { name: 'streamalert_source', type: 'string' },
]

/** Texts for what has many spellings: the record keeps the one it came with. */
const scalars: Readonly<Record<Scalar, string>> = {
  string: 'string',
  integer: 'bigint',
  float: 'double',
  boolean: 'boolean',
  timestamp: 'string',
  ip: 'string',
  json: 'string',
}

/** Columns that tell the partition: no field may have their names. */
const partitions = ['cluster', 'dt']
const deepest = 8
/** Glue takes types of 131,072 characters; what is this long nobody reads. */
const longestType = 10_000

/** The table of a log type in Glue, as infra/modules/lake names it. */
export const tableName = (schema: string): string => schema.toLowerCase().replaceAll(/\W/g, '_')

/**
 * The tables of log types: name → columns. An object with declared fields is a struct, what is not declared is its JSON as text.
 * Athena knows no case and, of other characters, only the underscore: a field whose name comes out as an earlier one's is left
 * out. Two log types with one table are faults.
 */
export function tablesOf(schemas: readonly Schema[], problems: CodedError[]): Record<string, readonly Column[]> {
  const taken = new Map<string, string>()
  for (const { name } of schemas) {
    const table = tableName(name)
    const earlier = taken.get(table)
    if (earlier === undefined) taken.set(table, name)
    else
      problems.push(
        new CodedError('SCHEMA_INVALID', `The log types ${earlier} and ${name} would share the table ${table}.`, {
          place: { name },
          hint: 'Rename one of them, or keep no records (aws.history.records).',
        }),
      )
  }
  return Object.fromEntries(schemas.map(({ name, fields }) => [name, columnsOf(fields)]))
}

function columnsOf(fields: Fields): readonly Column[] {
  const taken = new Set(recordColumns.map(({ name }) => name))
  const columns = Object.entries(fields).flatMap(([name, field]): Column[] => {
    const plain = columnName(name)
    if (taken.has(plain)) return []
    taken.add(plain)
    return [{ name: plain, type: typeOf(field) }]
  })
  return [...recordColumns, ...columns]
}

/** The column of a field. */
export function columnName(field: string): string {
  const plain = field.toLowerCase().replaceAll(/\W/g, '_').slice(0, 255)
  return partitions.includes(plain) ? `${plain}_` : plain
}

/** The type of a field in Athena. */
export function typeOf(field: Field): string {
  const type = nested(field, 0)
  return type.length > longestType ? 'string' : type
}

function nested(field: Field, depth: number): string {
  if (typeof field === 'string') return scalars[field.replace('?', '') as Scalar]
  if (depth >= deepest) return 'string'
  if (!isWrapper(field)) return structOf(field, depth)
  const inner = nested(field.of, field.kind === 'list' || field.kind === 'map' ? depth + 1 : depth)
  if (field.kind === 'list') return `array<${inner}>`
  return field.kind === 'map' ? `map<string,${inner}>` : inner
}

/** Members of a struct cannot be renamed as columns can: with other names than Athena takes, the whole is text. */
function structOf(fields: Fields, depth: number): string {
  const members = Object.entries(fields)
  const names = new Set(members.map(([name]) => name.toLowerCase()))
  const fits =
    members.length > 0 && names.size === members.length && members.every(([name]) => /^[A-Za-z_]\w{0,254}$/.test(name))
  if (!fits) return 'string'
  return `struct<${members.map(([name, field]) => `${name.toLowerCase()}:${nested(field, depth + 1)}`).join(',')}>`
}
