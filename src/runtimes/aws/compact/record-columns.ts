import type { LogRecord } from '../../../core/contracts/index.ts'
import type { Fields } from '../../../core/fields/spec.ts'
import type { ColumnType } from '../../../project/aws/column-types.ts'
import { fieldColumns, recordColumns } from '../../../project/aws/tables.ts'
import { type Convert, converterOf, valueIn } from './columns.ts'
import { compileRest } from './rest.ts'

/** A column of a log type's table, and where its values come from. */
export interface RecordColumn {
  readonly name: string
  readonly type: ColumnType
  /** As `converterOf` gives it: null for what the column cannot hold. Never throws. */
  readonly value: (record: LogRecord) => unknown
}

/** The columns that `tablesOf` declares for a log type with these fields, in the same order: whoever writes rows writes these. */
export function columnsOf(fields: Fields): readonly RecordColumn[] {
  const rest = compileRest(fields)
  const own: Readonly<Record<string, (record: LogRecord) => unknown>> = {
    streamalert_id: ({ id }) => id,
    streamalert_time: ({ time }) => time,
    streamalert_source: ({ source }) => source,
    streamalert_envelope: ({ envelope }) => envelope,
    streamalert_rest: ({ data }) => rest(data),
  }
  const first = recordColumns.map(({ name, type }): RecordColumn => {
    const kind = type === 'timestamp' ? 'timestamp' : 'text'
    return { name, type: { kind }, value: converted(converterOf({ kind }), own[name]!) }
  })
  const others = fieldColumns(fields).map(({ field, name, type }): RecordColumn => {
    return { name, type, value: converted(converterOf(type), ({ data }) => valueIn(data, field)) }
  })
  return [...first, ...others]
}

const converted = (convert: Convert, value: (record: LogRecord) => unknown) => (record: LogRecord) =>
  convert(value(record))
