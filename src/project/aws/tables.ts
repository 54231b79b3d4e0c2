import type { Schema } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Field, Fields } from '../../core/fields/spec.ts'
import { columnTypeOf, type Member, spelled } from './column-types.ts'

/** A column of a table in Athena: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
export interface Column {
  readonly name: string
  readonly type: string
}

/**
 * Columns of every table, before the fields of its log type: the record's id, when it happened, where it came from; as JSON, what stood
 * around it, and what of it has no column or does not fit into its own.
 */
export const recordColumns: readonly Column[] = [
  { name: 'streamalert_id', type: 'string' },
  { name: 'streamalert_time', type: 'timestamp' },
  { name: 'streamalert_source', type: 'string' },
  { name: 'streamalert_envelope', type: 'string' },
  { name: 'streamalert_rest', type: 'string' },
]

/** Columns that tell the partition: no field may have their names. */
const partitions = ['cluster', 'dt']

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

const columnsOf = (fields: Fields): readonly Column[] => [
  ...recordColumns,
  ...fieldColumns(fields).map(({ name, type }) => ({ name, type: spelled(type) })),
]

/** The columns of a log type's fields. */
export function fieldColumns(fields: Fields): readonly Member[] {
  const taken = new Set(recordColumns.map(({ name }) => name))
  return Object.entries(fields).flatMap(([field, type]): Member[] => {
    const name = columnName(field)
    if (taken.has(name)) return []
    taken.add(name)
    return [{ field, name, type: columnTypeOf(type) }]
  })
}

/** The column of a field. */
export function columnName(field: string): string {
  const plain = field.toLowerCase().replaceAll(/\W/g, '_').slice(0, 255)
  return partitions.includes(plain) ? `${plain}_` : plain
}

/** The type of a field in Athena. */
export const typeOf = (field: Field): string => spelled(columnTypeOf(field))
