import type { SchemaElement } from 'hyparquet'
import type { ColumnType, Member } from '../../../project/aws/column-types.ts'

/**
 * A column as Parquet has it: groups for lists, maps and structs as
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md lays them out. Everything may be absent.
 */
export function elementsOf(name: string, type: ColumnType): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  switch (type.kind) {
    case 'text':
    case 'json':
      return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }]
    case 'bigint':
      return [{ ...optional, type: 'INT64' }]
    case 'double':
      return [{ ...optional, type: 'DOUBLE' }]
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }]
    case 'timestamp':
      return [{ ...optional, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }]
    case 'array':
      return [
        { ...optional, num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', type.of),
      ]
    case 'map':
      return [
        { ...optional, num_children: 1, converted_type: 'MAP' },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        { name: 'key', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
        ...elementsOf('value', type.of),
      ]
    default:
      return [
        { ...optional, num_children: type.members.length },
        ...type.members.flatMap((member) => elementsOf(member.name, member.type)),
      ]
  }
}

/** Turns a value of a record into one of a column; null for what the column cannot hold. Never throws. */
export type Convert = (value: unknown) => unknown

export function converterOf(type: ColumnType): Convert {
  switch (type.kind) {
    case 'text':
      return (value) => (typeof value === 'string' ? value : textOf(value))
    case 'json':
      return textOf
    case 'bigint':
      return toBigint
    case 'double':
      return toDouble
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : null)
    case 'timestamp':
      return (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null)
    case 'array': {
      const convert = converterOf(type.of)
      return (value) => (Array.isArray(value) ? value.map(convert) : null)
    }
    case 'map': {
      const convert = converterOf(type.of)
      return (value) =>
        isObject(value) ? new Map(Object.entries(value).map(([key, inner]) => [key, convert(inner)])) : null
    }
    default:
      return toStruct(type.members)
  }
}

/** The value of an own property. */
export const valueIn = (data: Readonly<Record<string, unknown>>, field: string): unknown =>
  Object.hasOwn(data, field) ? data[field] : undefined

function toStruct(members: readonly Member[]): Convert {
  const converters = members.map(({ field, name, type }) => ({ field, name, convert: converterOf(type) }))
  return (value) => {
    if (!isObject(value)) return null
    const struct = Object.create(null) as Record<string, unknown>
    for (const { field, name, convert } of converters) struct[name] = convert(valueIn(value, field))
    return struct
  }
}

const textOf: Convert = (value) => (value === undefined || value === null ? null : JSON.stringify(value))

const bounds = { least: -(2n ** 63n), most: 2n ** 63n - 1n }

/** Integers that a double cannot hold are in records as text. */
const toBigint: Convert = (value) => {
  const whole =
    typeof value === 'number' ? Number.isInteger(value) : typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value)
  if (!whole) return null
  const number = BigInt(typeof value === 'string' ? value.replace('+', '') : (value as number))
  return number >= bounds.least && number <= bounds.most ? number : null
}

const toDouble: Convert = (value) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
