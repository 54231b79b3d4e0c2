/** Reading the parts of records that schemas leave untyped. Nothing here throws, whatever the data. */

/** The value below `path`; undefined when any step of it is missing, null, or only inherited. */
export function dig(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string, unknown>)[key]
  }
  return found
}

/** The text, number or boolean below `path`, as text; empty when there is none. */
export function digText(value: unknown, ...path: readonly string[]): string {
  const found = dig(value, ...path)
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : ''
}

/** A value as a list: vendors write one thing as itself, several as a list, and none as null. */
export const several = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]

/** The value that a JSON text states; a value that is no text as it is; undefined for a text that is no JSON. */
export function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** Whether some text at any depth holds one of `needles`. Nesting below 50 levels is not looked at. */
export function mentions(value: unknown, needles: readonly string[], depth = 50): boolean {
  if (typeof value === 'string') return needles.some((needle) => value.includes(needle))
  if (typeof value !== 'object' || value === null || depth === 0) return false
  return Object.values(value).some((inner) => mentions(inner, needles, depth - 1))
}
