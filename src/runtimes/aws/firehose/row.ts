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
  const columns = columnsOf(fields)
  return (record, hour) =>
    `${objectOf([['dt', JSON.stringify(hour)], ...columns.map(({ name, type, value }) => [name, jsonOf(type, value(record))] as const)])}\n`
}

type Member = readonly [name: string, json: string | undefined]

const objectOf = (members: readonly Member[]): string =>
  `{${members.flatMap(([name, json]) => (json === undefined ? [] : [`${JSON.stringify(name)}:${json}`])).join(',')}}`

/** JSON of a column's value; undefined for null. No deeper than the type. */
function jsonOf(type: ColumnType, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  switch (type.kind) {
    case 'array':
      return `[${(value as readonly unknown[]).map((one) => jsonOf(type.of, one) ?? 'null').join(',')}]`
    case 'map':
      return objectOf([...(value as Map<string, unknown>)].map(([key, one]) => [key, jsonOf(type.of, one) ?? 'null']))
    case 'struct':
      return objectOf(
        type.members.map(({ name, type: inner }) => [name, jsonOf(inner, (value as Record<string, unknown>)[name])]),
      )
    case 'bigint':
      return String(value as bigint)
    case 'double':
      return doubleOf(value as number)
    case 'timestamp':
      return timeOf(Number(value))
    default:
      return JSON.stringify(value)
  }
}

/** A number without a point is an integer for who reads it. */
const doubleOf = (value: number) => (Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value))

/** As text, for a small number would be taken for seconds. Years that have not four digits cannot be written: the record itself tells them. */
function timeOf(ms: number): string | undefined {
  const text = Math.abs(ms) <= latest ? new Date(ms).toISOString() : ''
  return text.length === 24 ? JSON.stringify(text) : undefined
}

/** The last moment that Date knows. */
const latest = 8.64e15
