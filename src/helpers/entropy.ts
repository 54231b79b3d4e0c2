/**
 * Shannon entropy of a text, in bits for each character: 0 for `aaaa`, 2 for `abcd`; English words lie near 3, random Base64
 * above 5 where it is long enough. 0 for an empty text.
 */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  let length = 0
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1)
    length++
  }
  let bits = 0
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length)
  return Math.abs(bits)
}
