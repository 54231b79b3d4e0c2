import { decode, encode, ExtData } from '@msgpack/msgpack'
import type { Attribute, Block, Type } from './schema.ts'

/** A value of Terraform: an object has every attribute and block of its schema, null or an empty list where nothing was given. */
export type Value = null | undefined | boolean | number | bigint | string | ExtData | readonly Value[] | ValueObject
export interface ValueObject {
  readonly [key: string]: Value
}

/** What is only known once it was applied (an extension type of msgpack, see the protocol's notes on unknown values). */
export const unknown = new ExtData(0, new Uint8Array([0]))

export const isUnknown = (value: Value): boolean => value instanceof ExtData

export const isObject = (value: Value): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value)

export interface DynamicValue {
  readonly msgpack?: Uint8Array
  readonly json?: Uint8Array
}

export function read(value: DynamicValue | undefined): Value {
  if (value?.msgpack?.length) return decode(value.msgpack, { useBigInt64: true }) as Value
  return value?.json?.length ? (JSON.parse(Buffer.from(value.json).toString()) as Value) : null
}

export const write = (value: Value): DynamicValue => ({ msgpack: Buffer.from(encode(value, { useBigInt64: true })) })

/** A copy in which `change` has replaced the value of each attribute, also within blocks. */
export function mapAttributes(
  value: Value,
  block: Block,
  change: (value: Value, attribute: Attribute) => Value,
): Value {
  if (!isObject(value)) return value
  const inner = (item: Value, nested: Block) => mapAttributes(item, nested, change)
  return Object.fromEntries([
    ...block.attributes.map((attribute) => [attribute.name, change(value[attribute.name], attribute)] as const),
    ...block.blocks.map(({ name, block: nested }) => {
      const held = value[name]
      return [name, Array.isArray(held) ? held.map((item: Value) => inner(item, nested)) : inner(held, nested)] as const
    }),
  ])
}

/** A value of this type, for what a real provider would only know from AWS. */
export function invented(type: Type, name: string): Value {
  if (type === 'string') return `invented-${name}`
  if (type === 'number') return 0
  if (type === 'bool') return false
  if (!Array.isArray(type)) return null
  const [kind, inner] = type as readonly [string, Type | Readonly<Record<string, Type>>]
  if (kind === 'map') return {}
  if (kind !== 'object') return []
  return Object.fromEntries(
    Object.entries(inner as Readonly<Record<string, Type>>).map(([key, one]) => [key, invented(one, key)]),
  )
}
