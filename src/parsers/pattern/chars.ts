/** A set of UTF-16 code units: ranges in rising order that neither touch nor overlap. */
export type Chars = readonly (readonly [from: number, to: number])[]

export const anyChar: Chars = [[0, 0xffff]]
export const noChar: Chars = []

export const single = (code: number): Chars => [[code, code]]

/** Brings ranges into the form of a set. */
export function union(...sets: readonly Chars[]): Chars {
  const merged: [number, number][] = []
  for (const [from, to] of sets.flat().toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

export function invert(set: Chars): Chars {
  const rest: [number, number][] = []
  let next = 0
  for (const [from, to] of set) {
    if (from > next) rest.push([next, from - 1])
    next = to + 1
  }
  if (next <= 0xffff) rest.push([next, 0xffff])
  return rest
}

export function intersect(a: Chars, b: Chars): Chars {
  const both: [number, number][] = []
  for (const [from, to] of a) {
    for (const [other, end] of b) {
      if (other <= to && from <= end) both.push([Math.max(from, other), Math.min(to, end)])
    }
  }
  return both
}

const digit: Chars = [[48, 57]]
const word = union(digit, [
  [65, 90],
  [95, 95],
  [97, 122],
])
const space = union(
  [
    [9, 13],
    [32, 32],
    [160, 160],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
  ],
  [
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
)

/** What `\d`, `\W` and their like stand for. */
export const classes = new Map<string, Chars>([
  ['d', digit],
  ['D', invert(digit)],
  ['w', word],
  ['W', invert(word)],
  ['s', space],
  ['S', invert(space)],
])
