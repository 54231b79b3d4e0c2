import type { LogRecord } from '../../../core/contracts/index.ts'
import type { Fields } from '../../../core/fields/spec.ts'
import type { ColumnType } from '../../../project/aws/column-types.ts'
import { columnsOf } from '../compact/record-columns.ts'

/**
 * Writes a record as a row of its table: one line of JSON, as the OpenX SerDe of Firehose reads it
 * (https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html), with the same columns and values as the files of
 * `compact`. What is null is left out. `dt` says the partition; it is no column. `hour`: `yyyy-MM-dd-HH`. Never throws.
 */
export function rowWriter(fields: Fields): (record: LogRecord, hour: string) => string {
  const columns = columnsOf(fields).map(({ name, type, value }) => ({ ...keyed(name, type), value }))
  return (record, hour) => {
    let row = `{"dt":${JSON.stringify(hour)}`
    for (const { key, write, value } of columns) {
      const one = value(record)
      if (one !== null) row += `,${key}${write(one)}`
    }
    return `${row}}\n`
  }
}

/** JSON of a column's value that is not null. No deeper than the type. */
type Write = (value: unknown) => string

function writerOf(type: ColumnType): Write {
  switch (type.kind) {
    case 'array': {
      const write = orNull(writerOf(type.of))
      return (value) => `[${(value as readonly unknown[]).map(write).join(',')}]`
    }
    case 'map': {
      const write = orNull(writerOf(type.of))
      const entry = ([key, value]: readonly [string, unknown]) => `${JSON.stringify(key)}:${write(value)}`
      return (value) => `{${[...(value as ReadonlyMap<string, unknown>)].map(entry).join(',')}}`
    }
    case 'struct': {
      const members = type.members.map((member) => ({ name: member.name, ...keyed(member.name, member.type) }))
      return (value) => {
        let text = ''
        for (const { name, key, write } of members) {
          const one = (value as Readonly<Record<string, unknown>>)[name]
          if (one !== null && one !== undefined) text += `${text === '' ? '' : ','}${key}${write(one)}`
        }
        return `{${text}}`
      }
    }
    case 'bigint':
      return (value) => `${value as bigint}`
    case 'double':
      return (value) => doubleOf(value as number)
    case 'timestamp':
      return (value) => timeOf(Number(value))
    default:
      return JSON.stringify
  }
}

const keyed = (name: string, type: ColumnType) => ({ key: `${JSON.stringify(name)}:`, write: writerOf(type) })

const orNull =
  (write: Write): Write =>
  (value) =>
    value === null || value === undefined ? 'null' : write(value)

/** A number without a point is an integer for who reads it. */
const doubleOf = (value: number) => (Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value))

/** As text, for a small number would be taken for seconds. Years that have not four digits cannot be written: the record itself tells them. */
function timeOf(ms: number): string {
  const text = Math.abs(ms) <= latest ? new Date(ms).toISOString() : ''
  return text.length === 24 ? `"${text}"` : 'null'
}

/** The last moment that Date knows. */
const latest = 8.64e15
