/** Keys and indexes from the outside in. */
export type ValuePath = readonly (string | number)[]

/**
 * A copy of plain data in which `change` has replaced each value within, from the outside in: what it answers is gone into.
 * Goes through own properties only; `__proto__` is a key like any other.
 */
export function mapValues(
  value: unknown,
  change: (value: unknown, path: ValuePath) => unknown,
  path: ValuePath = [],
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => mapValues(change(item, [...path, index]), change, [...path, index]))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapValues(change(item, [...path, key]), change, [...path, key])]),
  )
}

/** A copy of plain data without the keys that `isDropped` names, at any depth. */
export function withoutKeys<T>(value: T, isDropped: (key: string) => boolean): T
export function withoutKeys(value: unknown, isDropped: (key: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutKeys(item, isDropped))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !isDropped(key))
  return Object.fromEntries(kept.map(([key, item]: [string, unknown]) => [key, withoutKeys(item, isDropped)]))
}
