/**
 * Freezes plain data to any depth, without recursion: log data may be nested thousands of levels deep.
 * A rule that tries to change its record then throws, and what other rules and the alert see stands.
 */
export function freezeDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const open: object[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Object.isFrozen(next)) continue
    Object.freeze(next)
    for (const inner of Object.values(next)) {
      if (typeof inner === 'object' && inner !== null) open.push(inner)
    }
  }
}
