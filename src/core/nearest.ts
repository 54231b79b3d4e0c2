/**
 * The name a person most likely meant: the closest of `names` by edits, if it is close at all. Case does not count.
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const other of names) {
    const edits = distance(name.toLowerCase(), other.toLowerCase(), least)
    if (edits < least) [best, least] = [other, edits]
  }
  return best
}

/** Levenshtein distance, given up when it reaches `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(changed, above[j]! + 1, row[j - 1]! + 1))
    }
    if (Math.min(...row) >= limit) return limit
    above = row
  }
  return above[b.length]!
}

/** `Did you mean "x"?`, or else what there is: the hint of a CONFIG_UNKNOWN_NAME. */
export function suggest(wrong: string, names: readonly string[]): string {
  const meant = nearestName(wrong, names)
  if (meant !== undefined) return `Did you mean "${meant}"?`
  if (names.length === 0) return 'There is none.'
  const more = names.length > 20 ? `, and ${names.length - 20} more` : ''
  return `There is: ${names.slice(0, 20).join(', ')}${more}.`
}
