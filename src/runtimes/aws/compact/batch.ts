import type { Fields } from '../../../core/fields/spec.ts'
import { compressRows } from '../segments.ts'
import { linesIn } from './rows.ts'
import { createTable, type Table } from './table.ts'

/** Segments that become files together. */
export interface Batch {
  /** Adds the records of a segment, each id once. Throws, and adds nothing, when it cannot be decompressed. */
  add(segment: Uint8Array): void
  /** True when no more should be added: what a batch takes in memory has a bound. */
  isFull(): boolean
  readonly tables: ReadonlyMap<string, Table>
  readonly records: number
  /** Lines that no table takes, as a segment: they are none of ours, or of a log type that this deployment does not know. */
  rest(): Uint8Array | undefined
}

/** Decompressed bytes, and ids, that one batch holds at least when it is full. */
const limits = { bytes: 256 * 1_048_576, ids: 1_000_000 }

/** `fields`: log type → its fields. */
export function createBatch(fields: ReadonlyMap<string, Fields>): Batch {
  const tables = new Map<string, Table>()
  const ids = new Set<string>()
  const rest: Uint8Array[] = []
  let bytes = 0

  function tableOf(schema: string): Table | undefined {
    const known = tables.get(schema)
    if (known) return known
    const declared = fields.get(schema)
    if (!declared) return undefined
    const table = createTable(declared)
    tables.set(schema, table)
    return table
  }

  return {
    tables,
    get records() {
      return ids.size
    },
    add(segment) {
      const { bytes: size, lines } = linesIn(segment)
      bytes += size
      for (const { text, record } of lines) {
        const table = record && tableOf(record.schema)
        if (!table) rest.push(Buffer.concat([text, newline]))
        else if (!ids.has(record.id)) {
          ids.add(record.id)
          table.add(record, text.length)
        }
      }
    },
    isFull: () => bytes >= limits.bytes || ids.size >= limits.ids,
    rest: () => (rest.length === 0 ? undefined : compressRows(Buffer.concat(rest))),
  }
}

const newline = Buffer.from('\n')
