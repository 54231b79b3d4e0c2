/**
 * Compiles a schema's fields, once, into checks that run on each record.
 *
 * | type | takes | becomes |
 * |---|---|---|
 * | string | text; a number or a boolean | text |
 * | integer | an integral number; decimal digits with or without a sign | number; beyond 2^53 the text of its digits |
 * | float | a finite number; a decimal number as text | number; an integer beyond 2^53 the text of its digits |
 * | boolean | true, false; `true` or `false` as text in any case | boolean |
 * | timestamp | what `parseTime` reads | stays as written |
 * | ip | an IPv4 or IPv6 address as text | stays as written |
 * | json | anything, null too | stays |
 * | list(T) | a list | each element in its own type |
 * | map(T), fields | an object | each value in its own type |
 *
 * Nothing else is converted: no number becomes a boolean, no object a text. A falsy value is checked like any other.
 * Null stands for nothing only where the field is nullable. An empty text is nothing for a type that has no empty text
 * (all scalars but string and json) where the field may be absent or null: so an empty CSV cell is.
 * A property whose value is `undefined` is absent.
 *
 * The work is split: `test` decides and allocates nothing, `coerce` changes a record that its schema took, `fault` and
 * `score` explain to people, and `drift` names what the schema does not know.
 */
import { CodedError } from '../errors.ts'
import type { Check } from './check.ts'
import { listCheck, mapCheck, orNull } from './containers.ts'
import { type Member, type ObjectCheck, objectCheck } from './object.ts'
import { isScalar, scalarCheck } from './scalars.ts'
import { type Field, type Fields, isWrapper } from './spec.ts'

/** Compiles the fields of a record. `reject`: an unknown field at any depth is a fault. Throws SCHEMA_INVALID. */
export function compileFields(fields: Fields, extra: 'keep' | 'reject' = 'keep'): ObjectCheck {
  const members = Object.entries(fields).map(([name, field]): Member => {
    const { optional } = unwrap(field)
    return { name, required: !optional, check: compileField(field, extra, name) }
  })
  return objectCheck(members, extra)
}

function compileField(field: Field, extra: 'keep' | 'reject', name: string): Check {
  const { of, optional, nullable } = unwrap(field)
  if (typeof of === 'string') {
    if (!isScalar(of))
      throw new CodedError('SCHEMA_INVALID', `"${of}" is not the type of a field.`, { place: { name } })
    return scalarCheck(of, optional, nullable)
  }
  const check = isWrapper(of)
    ? (of.kind === 'list' ? listCheck : mapCheck)(compileField(of.of, extra, name))
    : compileFields(of, extra)
  return nullable ? orNull(check) : check
}

/** A field without what says that it may be absent or null. */
export interface Unwrapped {
  readonly of: Field
  readonly optional: boolean
  readonly nullable: boolean
}

export function unwrap(field: Field, optional = false, nullable = false): Unwrapped {
  if (typeof field === 'string') {
    return field.endsWith('?')
      ? { of: field.slice(0, -1) as Field, optional: true, nullable: true }
      : { of: field, optional, nullable }
  }
  if (!isWrapper(field)) return { of: field, optional, nullable }
  if (field.kind === 'optional') return unwrap(field.of, true, nullable)
  return field.kind === 'nullable' ? unwrap(field.of, optional, true) : { of: field, optional, nullable }
}

/** How much a record must show to fit: its required fields, those of required inner objects counted one by one. */
export function countRequired(fields: Fields): number {
  let count = 0
  for (const field of Object.values(fields)) {
    const { of, optional } = unwrap(field)
    if (!optional) count += typeof of === 'string' || isWrapper(of) ? 1 : Math.max(1, countRequired(of))
  }
  return count
}
