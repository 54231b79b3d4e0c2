import { isWrapper, type Field, type Fields } from '../core/fields/spec.ts'
import { unwrap } from '../core/fields/compile.ts'
import { isPlainObject } from '../core/plain.ts'
import type { Note } from './fields.ts'
import { envelopeKey, pathOf } from './paths.ts'

/**
 * Converts `log_patterns`. A nested entry used to end the check, whatever the others said; now all must hold. A name that
 * is no field of its own but, in one place, a field of another, is taken for that one.
 */
export function convertPatterns(
  given: object,
  fields: Fields,
  note: Note,
): Readonly<Record<string, readonly string[]>> {
  const found: [string, readonly string[]][] = []
  const entries = Object.entries(given)
  if (entries.length > 1 && entries.some(([, value]) => isPlainObject(value))) {
    note('log_patterns: a nested entry used to end the check, whatever the others said; now all must hold')
  }
  const add = (steps: readonly string[], value: unknown): void => {
    if (isPlainObject(value)) {
      for (const [name, inner] of Object.entries(value as object)) add([...steps, name], inner)
      return
    }
    const path = pathOf(placeOf(steps, fields, note))
    found.push([path, [value].flat().map((glob) => toGlob(String(glob)))])
  }
  for (const [name, value] of entries) add([name], value)
  return Object.fromEntries(found)
}

/** A backslash had no meaning in the predecessor's globs. */
const toGlob = (glob: string) => glob.replaceAll('\\', '\\\\')

function placeOf(steps: readonly string[], fields: Fields, note: Note): readonly string[] {
  const [name, ...more] = steps
  if (name === undefined || name === envelopeKey || Object.hasOwn(fields, name)) return steps
  const places = placesOf(name, fields)
  const text = `log_patterns: no record has \`${name}\` at its root, so none ever matched`
  if (places.length !== 1) {
    note(`${text}; none will`)
    return steps
  }
  note(`${text}; \`${places[0]!.join('.')}\` is looked at`)
  return [...places[0]!, ...more]
}

function placesOf(name: string, fields: Fields): string[][] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const deeper = objectOf(field)
    const here = key === name ? [[key]] : []
    return [...here, ...(deeper ? placesOf(name, deeper).map((rest) => [key, ...rest]) : [])]
  })
}

/** The fields of a nested object. */
export function objectOf(field: Field): Fields | undefined {
  const { of } = unwrap(field)
  return typeof of === 'string' || isWrapper(of) ? undefined : of
}
