/** Levels that are frozen by recursion, which is twice as fast as a list of what is left. */
const levels = 100

/**
 * Freezes plain data without cycles to any depth: log data may be nested a thousand levels deep.
 * A rule that tries to change its record then throws, and what other rules and the alert see stands.
 */
export function freezeDeep(value: unknown): void {
  if (typeof value === 'object' && value !== null) freezeObject(value, levels)
}

function freezeObject(value: object, left: number): void {
  if (left === 0) return freezeAll(value)
  Object.freeze(value)
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const inner: unknown = value[at]
      if (typeof inner === 'object' && inner !== null) freezeObject(inner, left - 1)
    }
    return
  }
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key]
    if (typeof inner === 'object' && inner !== null) freezeObject(inner, left - 1)
  }
}

function freezeAll(value: object): void {
  const open = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    Object.freeze(next)
    for (const inner of Object.values(next)) {
      if (typeof inner === 'object' && inner !== null) open.push(inner)
    }
  }
}
