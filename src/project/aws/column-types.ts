import { type Field, type Fields, isWrapper, type Scalar } from '../../core/fields/spec.ts'

/** A type of Athena (https://docs.aws.amazon.com/athena/latest/ug/data-types.html), and where its values come from. */
export type ColumnType =
  /** `string`. `text`: the value as the record spells it. `json`: its JSON. */
  | { readonly kind: 'text' | 'json' | 'bigint' | 'double' | 'boolean' | 'timestamp' }
  | { readonly kind: 'array' | 'map'; readonly of: ColumnType }
  | { readonly kind: 'struct'; readonly members: readonly Member[] }

/** A member of a struct. */
export interface Member {
  /** As records have it. */
  readonly field: string
  /** As Athena has it. */
  readonly name: string
  readonly type: ColumnType
}

/** Texts for what has many spellings: the record keeps the one it came with. */
const scalars: Readonly<Record<Scalar, ColumnType>> = {
  string: { kind: 'text' },
  integer: { kind: 'bigint' },
  float: { kind: 'double' },
  boolean: { kind: 'boolean' },
  timestamp: { kind: 'text' },
  ip: { kind: 'text' },
  json: { kind: 'json' },
}

const deepest = 8
/** Glue takes types of 131,072 characters; what is this long nobody reads. */
const longest = 10_000

/** The type of a field's column. */
export function columnTypeOf(field: Field): ColumnType {
  const type = nested(field, 0)
  return spelled(type).length > longest ? scalars.json : type
}

/** As Athena writes it. */
export function spelled(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
    case 'json':
      return 'string'
    case 'array':
      return `array<${spelled(type.of)}>`
    case 'map':
      return `map<string,${spelled(type.of)}>`
    case 'struct':
      return `struct<${type.members.map(({ name, type: member }) => `${name}:${spelled(member)}`).join(',')}>`
    default:
      return type.kind
  }
}

function nested(field: Field, depth: number): ColumnType {
  if (typeof field === 'string') return scalars[field.replace('?', '') as Scalar]
  if (depth >= deepest) return scalars.json
  if (!isWrapper(field)) return structOf(field, depth)
  const { kind } = field
  if (kind !== 'list' && kind !== 'map') return nested(field.of, depth)
  return { kind: kind === 'list' ? 'array' : 'map', of: nested(field.of, depth + 1) }
}

/** Members of a struct cannot be renamed as columns can: with other names than Athena takes, the whole is text. */
function structOf(fields: Fields, depth: number): ColumnType {
  const members = Object.entries(fields)
  const names = new Set(members.map(([name]) => name.toLowerCase()))
  const fits =
    members.length > 0 && names.size === members.length && members.every(([name]) => /^[A-Za-z_]\w{0,254}$/.test(name))
  if (!fits) return scalars.json
  return {
    kind: 'struct',
    members: members.map(([name, field]) => ({
      ...{ field: name, name: name.toLowerCase(), type: nested(field, depth + 1) },
    })),
  }
}
