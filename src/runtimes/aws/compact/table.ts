import { zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { LogRecord } from '../../../core/contracts/index.ts'
import type { Fields } from '../../../core/fields/spec.ts'
import { elementsOf } from './columns.ts'
import { columnsOf } from './record-columns.ts'

/** Makes one Parquet file of records of a log type. The same records in the same order give the same bytes. */
export interface Table {
  /** `size`: bytes that the record takes as JSON. */
  add(record: LogRecord, size: number): void
  /** The whole file; nothing can be added afterwards. */
  finish(): Uint8Array
}

/** Bytes of JSON that a row group holds: that much lies in memory as objects. */
const groupBytes = 16 * 1_048_576

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
