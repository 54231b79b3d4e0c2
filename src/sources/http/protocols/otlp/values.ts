import { field } from '../../records.ts'

/** Lists and objects within one another that a value may have; deeper ones become null. */
const maxDepth = 100

/**
 * An AnyValue, as it stands in OTLP's JSON or as it was read from protobuf, as a plain value: integers that a double cannot hold
 * stay texts, bytes become base64, whatever is none of the kinds null.
 */
export function plainValue(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) return null
  const text = field(value, 'stringValue') ?? field(value, 'boolValue') ?? field(value, 'doubleValue')
  if (text !== undefined) return text
  const integer = field(value, 'intValue')
  if (typeof integer === 'number') return integer
  if (typeof integer === 'string') return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
  const bytes = field(value, 'bytesValue')
  if (bytes !== undefined) return bytes
  const list = field(field(value, 'arrayValue'), 'values')
  if (Array.isArray(list)) return list.map((item) => plainValue(item, depth + 1))
  const pairs = field(value, 'kvlistValue')
  if (pairs !== undefined) return plainFields(field(pairs, 'values'), depth + 1)
  return field(value, 'arrayValue') === undefined ? null : []
}

/** KeyValues as an object; of two with the same key the last one stands. */
export function plainFields(pairs: unknown, depth = 0): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  if (!Array.isArray(pairs)) return fields
  for (const pair of pairs) {
    const key = field(pair, 'key')
    if (typeof key === 'string') fields[key] = plainValue(field(pair, 'value'), depth)
  }
  return fields
}
