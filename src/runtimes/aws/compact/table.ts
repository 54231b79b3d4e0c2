import { zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { LogRecord } from '../../../core/contracts/index.ts'
import type { Fields } from '../../../core/fields/spec.ts'
import type { ColumnType } from '../../../project/aws/column-types.ts'
import { fieldColumns, recordColumns } from '../../../project/aws/tables.ts'
import { compileRest } from './rest.ts'
import { type Convert, converterOf, elementsOf, valueIn } from './columns.ts'

/** Makes one Parquet file of records of a log type. The same records in the same order give the same bytes. */
export interface Table {
  /** `size`: bytes that the record takes as JSON. */
  add(record: LogRecord, size: number): void
  /** The whole file; nothing can be added afterwards. */
  finish(): Uint8Array
}

/** Bytes of JSON that a row group holds: that much lies in memory as objects. */
const groupBytes = 16 * 1_048_576

interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly value: (record: LogRecord) => unknown
}

/** `fields`: of the log type; the columns are those that `tablesOf` declares. */
export function createTable(fields: Fields): Table {
  const columns = columnsOf(fields)
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'schema', num_children: columns.length },
      ...columns.flatMap(({ name, type }) => elementsOf(name, type)),
    ],
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    createdBy: 'streamalert',
  })
  let rows: unknown[][] = columns.map(() => [])
  let bytes = 0
  const flush = () => {
    const count = rows[0]!.length
    if (count === 0) return
    void parquet.write({ columnData: columns.map(({ name }, n) => ({ name, data: rows[n]! })), rowGroupSize: count })
    rows = columns.map(() => [])
    bytes = 0
  }
  return {
    add(record, size) {
      const values = columns.map(({ value }) => value(record))
      for (let n = 0; n < values.length; n++) rows[n]!.push(values[n])
      bytes += size
      if (bytes >= groupBytes) flush()
    },
    finish() {
      flush()
      void parquet.finish()
      return writer.getBytes()
    },
  }
}

function columnsOf(fields: Fields): readonly Column[] {
  const rest = compileRest(fields)
  const own: Readonly<Record<string, (record: LogRecord) => unknown>> = {
    streamalert_id: ({ id }) => id,
    streamalert_time: ({ time }) => time,
    streamalert_source: ({ source }) => source,
    streamalert_envelope: ({ envelope }) => envelope,
    streamalert_rest: ({ data }) => rest(data),
  }
  const first = recordColumns.map(({ name, type }): Column => {
    const kind = type === 'timestamp' ? 'timestamp' : 'text'
    return { name, type: { kind }, value: converted(converterOf({ kind }), own[name]!) }
  })
  const others = fieldColumns(fields).map(({ field, name, type }): Column => {
    return { name, type, value: converted(converterOf(type), ({ data }) => valueIn(data, field)) }
  })
  return [...first, ...others]
}

const converted = (convert: Convert, value: (record: LogRecord) => unknown) => (record: LogRecord) =>
  convert(value(record))
