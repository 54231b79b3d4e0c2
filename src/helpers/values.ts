import { compilePath } from '../core/paths.ts'

/** The first value at a path, in the notation of `where`: `a.b`, `a[0].b`, `a['x.y']`, `a.*`. Undefined: none. Throws for what is no path. */
export const get = (data: unknown, path: string): unknown => compilePath(path).first(data)

/** Every value at a path; lists on the way and at its end are entered. */
export const getAll = (data: unknown, path: string): unknown[] => compilePath(path).all(data).flat()

/** At most so many values are looked at: a record may hold anything. */
const mostValues = 100_000

/** True when some text, number or boolean at any depth passes. Null is no value. */
export function anyValue(data: unknown, passes: (value: string | number | boolean) => boolean): boolean {
  return nested(data).some(({ value }) => isScalar(value) && passes(value))
}

/** Every value that stands under a name, at any depth: `valuesOfKey(record, 'password')`. */
export const valuesOfKey = (data: unknown, name: string): unknown[] =>
  nested(data)
    .filter(({ key }) => key === name)
    .map(({ value }) => value)

interface Entry {
  /** Undefined: an element of a list, or the outermost value. */
  readonly key: string | undefined
  readonly value: unknown
}

/** All values, each before what it holds, without recursion: log data may be nested thousands of levels deep. */
function nested(data: unknown): Entry[] {
  const found: Entry[] = [{ key: undefined, value: data }]
  for (let at = 0; at < found.length && found.length < mostValues; at++) {
    const { value } = found[at]!
    if (Array.isArray(value))
      for (const inner of value.slice(0, mostValues)) found.push({ key: undefined, value: inner })
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) found.push({ key, value: inner })
  }
  return found
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
