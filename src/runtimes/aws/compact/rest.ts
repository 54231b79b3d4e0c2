import type { Fields } from '../../../core/fields/spec.ts'
import type { ColumnType } from '../../../project/aws/column-types.ts'
import { fieldColumns } from '../../../project/aws/tables.ts'
import { converterOf, isObject } from './columns.ts'

/** What of a value its column does not hold; undefined when it holds everything. Never throws. */
type Rest = (value: unknown) => unknown

/**
 * What of a record its columns do not hold: fields that the log type does not declare, at any depth, and values that a column cannot
 * hold. Of lists and maps, by index and key. Undefined when nothing is left.
 */
export function compileRest(fields: Fields): (data: Readonly<Record<string, unknown>>) => object | undefined {
  const rests = new Map(fieldColumns(fields).map(({ field, type }) => [field, restOf(type)]))
  return (data) => gathered(data, (name) => rests.get(name))
}

function restOf(type: ColumnType): Rest {
  switch (type.kind) {
    case 'text':
    case 'json':
      return () => undefined
    case 'array': {
      const rest = restOf(type.of)
      return (value) => (Array.isArray(value) ? gathered(value, () => rest) : whole(value))
    }
    case 'map': {
      const rest = restOf(type.of)
      return (value) => (isObject(value) ? gathered(value, () => rest) : whole(value))
    }
    case 'struct': {
      const rests = new Map(type.members.map((member) => [member.field, restOf(member.type)]))
      return (value) => (isObject(value) ? gathered(value, (name) => rests.get(name)) : whole(value))
    }
    default: {
      const convert = converterOf(type)
      return (value) => (convert(value) === null ? whole(value) : undefined)
    }
  }
}

/** Nothing of it is held. */
const whole = (value: unknown): unknown => value ?? undefined

function gathered(
  value: Readonly<Record<string, unknown>> | readonly unknown[],
  restFor: (name: string) => Rest | undefined,
): Record<string, unknown> | undefined {
  let left: Record<string, unknown> | undefined
  for (const [name, inner] of Object.entries(value)) {
    const rest = restFor(name)
    const some = rest ? rest(inner) : inner
    if (some !== undefined) (left ??= Object.create(null) as Record<string, unknown>)[name] = some
  }
  return left
}
