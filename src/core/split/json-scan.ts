/** How far a value reaches. */
export interface Scan {
  /** Behind the value when it is complete, else where it went wrong. */
  readonly end: number
  readonly complete: boolean
  /** Not complete, but right as far as the source goes. */
  readonly open: boolean
}

/** What the last token was: it decides which may follow. */
const opened = 1
const comma = 2
const colon = 3
const value = 4

/** Characters of numbers, true, false, null. */
const bare = new Set(Array.from('0123456789+-.eEtrufalsn', (unit) => unit.charCodeAt(0)))

/**
 * Finds the end of the object or list that starts at `start`. Checks only as much as shows early that brackets of two values
 * have run into each other: pairs of brackets, line feeds in strings, and that each value stands where one may stand.
 */
export function scanJson(source: string, start: number): Scan {
  const closers: number[] = []
  let last = colon
  let at = start
  const broken = (): Scan => ({ end: at, complete: false, open: false })
  for (; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) continue
    const inObject = closers.at(-1) === 0x7d
    const valueMayCome = last === colon || (!inObject && (last === opened || last === comma))
    if (code === 0x22) {
      if (!valueMayCome && !(inObject && (last === opened || last === comma))) return broken()
      const end = endOfString(source, at)
      if (end < 0) return { end: source.length, complete: false, open: source.indexOf('\n', at) < 0 }
      if (end === 0) return broken()
      at = end
      last = value
    } else if (code === 0x7b || code === 0x5b) {
      if (!valueMayCome) return broken()
      closers.push(code + 2)
      last = opened
    } else if (code === 0x7d || code === 0x5d) {
      if (closers.pop() !== code || last === colon) return broken()
      if (closers.length === 0) return { end: at + 1, complete: true, open: false }
      last = value
    } else if (code === 0x2c) {
      if (last !== value) return broken()
      last = comma
    } else if (code === 0x3a) {
      if (last !== value || !inObject) return broken()
      last = colon
    } else {
      if (!valueMayCome || !bare.has(code)) return broken()
      while (bare.has(source.charCodeAt(at + 1))) at++
      last = value
    }
  }
  return { end: source.length, complete: false, open: true }
}

/** The closing quote of the string that opens at `open`; 0 when a line feed comes first, -1 when the source ends first. */
function endOfString(source: string, open: number): number {
  for (let at = open + 1; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === 0x22) return at
    if (code === 0x5c) at++
    else if (code === 0x0a) return 0
  }
  return -1
}
