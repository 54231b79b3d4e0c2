import { type Field, type Fields, type Scalar, list, nullable, optional } from '../core/fields/spec.ts'

/** Takes what differs from before, for the report. */
export type Note = (text: string) => void

const scalars: ReadonlySet<unknown> = new Set<Scalar>(['string', 'integer', 'float', 'boolean'])

/** Deeper schemas are none that a person wrote. */
const deepest = 50

/**
 * Converts the fields of a schema or an envelope. The predecessor neither checked nor converted a value that is falsy, so
 * null passed wherever a key had to be: required fields become `nullable`. `optionals` are names at the top level.
 */
export function convertFields(
  given: object,
  optionals: readonly string[],
  note: Note,
  above: readonly string[] = [],
): Fields {
  return Object.fromEntries(
    Object.entries(given).map(([name, type]) => {
      const path = [...above, name]
      return [name, convertField(type, optionals.includes(name), note, path)]
    }),
  )
}

function convertField(type: unknown, absent: boolean, note: Note, path: readonly string[]): Field {
  if (scalars.has(type)) return absent ? `${type as Scalar}?` : nullable(type as Scalar)
  if (Array.isArray(type)) {
    if (type.length > 0) note(`\`${path.join('.')}\`: the type inside the list was never checked, and is left out`)
    return absent ? optional(nullable(list('json'))) : nullable(list('json'))
  }
  if (typeof type !== 'object' || type === null || path.length > deepest) {
    note(
      `\`${path.join('.')}\`: there was no type ${JSON.stringify(type)}, so no record passed; now any value is taken`,
    )
    return absent ? 'json?' : 'json'
  }
  if (Object.keys(type).length === 0) return absent ? 'json?' : 'json'
  const inner = convertFields(type, [], note, path)
  return absent ? optional(nullable(inner)) : inner
}
