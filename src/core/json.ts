import type { ParseFailure } from './contracts/index.ts'

/** Levels of lists and objects that a text may have. Deeper values overflow the stack of whoever copies or writes them. */
export const maxDepth = 1_000

/** A value read from JSON, or why the text is none. */
export type JsonResult = { readonly value: unknown } | ParseFailure

/**
 * Reads one JSON text (RFC 8259), at the speed of `JSON.parse`. Never throws.
 * - An integer that a double cannot hold (beyond 2^53) becomes a string of its digits: nothing of it is lost.
 * - A key such as `__proto__` is an ordinary own property.
 * - A text nested deeper than `maxDepth` is a failure with the code RECORD_TOO_DEEP.
 */
export const parseJson = (text: string): JsonResult => parse(text, hasLongInteger)

/** The same for a text without a run of 16 digits; see `ParseContext.safeIntegers`. */
export const parseSafeJson = (text: string): JsonResult => parse(text, never)

const never = () => false

function parse(text: string, hasLong: (text: string) => boolean): JsonResult {
  const unlike = unlikeJson(text)
  if (unlike) return unlike
  const brackets = text.length > 2 * maxDepth ? countOpening(text) : 0
  // Where a bracket stands every few characters, depth is looked for first: parsing millions of levels takes seconds.
  if (brackets > text.length / 32 && isDeepText(text)) return tooDeep
  try {
    let value: unknown = JSON.parse(text)
    if (hasLong(text)) value = JSON.parse(quoteLongIntegers(text))
    return brackets > maxDepth && isDeeper(value as object, maxDepth) ? tooDeep : { value }
  } catch (error) {
    return failure(error, text)
  }
}

const notJson: ParseFailure = Object.freeze({ failure: 'is not JSON' })
const unclosed: ParseFailure = Object.freeze({ failure: 'JSON does not end with its closing bracket' })
const tooDeep: ParseFailure = Object.freeze({
  failure: `is nested deeper than ${maxDepth} levels`,
  code: 'RECORD_TOO_DEEP',
})

const scalar = /^\s*(?:-?\d[\d.eE+-]*|true|false|null|"[^\n]*")\s*$/

/**
 * A failure for most text that is not JSON. JSON.parse would throw, at ten times the cost of a record: a stream of text
 * among JSON candidates must not meet that on each line.
 */
function unlikeJson(text: string): ParseFailure | undefined {
  let from = 0
  while (isBlank(text.charCodeAt(from))) from++
  const open = text.charCodeAt(from)
  if (open !== 0x7b && open !== 0x5b) return text.length < 10_000 && scalar.test(text) ? undefined : notJson
  let next = from + 1
  while (isBlank(text.charCodeAt(next))) next++
  const first = text.charCodeAt(next)
  if (open === 0x7b && first !== 0x22 && first !== 0x7d) return notJson
  let to = text.length - 1
  while (isBlank(text.charCodeAt(to))) to--
  return text.charCodeAt(to) === open + 2 ? undefined : unclosed
}

const isBlank = (code: number) => code === 0x20 || (code >= 0x09 && code <= 0x0d)

/** Where JSON.parse gave up, without the text itself, which may be long and is not ours to show. */
function failure(error: unknown, text: string): ParseFailure {
  const at = Number(/at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? text.length)
  return at < text.length ? { failure: `is not JSON from character ${at} on`, at } : { failure: 'JSON ends too early' }
}

/** Fewest digits of an integer beyond 2^53. */
const long = 16

/**
 * True when bytes hold a run of 16 digits, inside a string or not. Such a run holds one 16th byte and the one 8 before or behind it.
 * The three are asked for at once: in logs digits come at random, and a guess of the processor that fails costs more than a look.
 */
export function hasDigitRun(bytes: Uint8Array): boolean {
  const last = bytes.length - 8
  let at = long - 1
  for (; at < last; at += long) {
    if ((belowDigits(bytes[at]!) & (belowDigits(bytes[at - 8]!) | belowDigits(bytes[at + 8]!))) >= 0) continue
    if (digitsAround(bytes, at) >= long) return true
  }
  return at < bytes.length && digitsAround(bytes, at) >= long
}

/** Negative for a digit, and for nothing else. */
const belowDigits = (code: number) => (code ^ 0x30) - 10

function digitsAround(bytes: Uint8Array, at: number): number {
  if (!isDigit(bytes[at]!)) return 0
  let start = at
  let end = at + 1
  while (start > 0 && isDigit(bytes[start - 1]!)) start--
  while (end < bytes.length && isDigit(bytes[end]!)) end++
  return end - start
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39

/** True when a run of 16 digits may be a number of its own. Looks at every 16th character only. */
function hasLongInteger(text: string): boolean {
  for (let at = long - 1; at < text.length; at += long) {
    if (!isDigit(text.charCodeAt(at))) continue
    // A run of 16 around this place reaches 8 further on one side.
    if (!isDigit(text.charCodeAt(at - 8)) && !isDigit(text.charCodeAt(at + 8))) continue
    let start = at
    let end = at + 1
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--
    while (end < text.length && isDigit(text.charCodeAt(end))) end++
    if (end - start >= long && standsAlone(text, start, end)) return true
    at = end - ((end - at) % long || long)
  }
  return false
}

/** True between characters that enclose numbers. Inside a string that happens too, but seldom. */
function standsAlone(text: string, start: number, end: number): boolean {
  const before = text[text[start - 1] === '-' ? start - 2 : start - 1]
  return (before === undefined || ':,[ \n\t\r'.includes(before)) && ',]} \n\t\r'.includes(text[end] ?? ' ')
}

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Valid JSON with each integer beyond 2^53 put into quotes. */
function quoteLongIntegers(text: string): string {
  return text.replace(stringOrNumber, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  )
}

function countOpening(text: string): number {
  let brackets = 0
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) brackets++
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) brackets++
  return brackets
}

/** True when brackets outside of strings go deeper than `maxDepth`. */
function isDeepText(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) quoted = !quoted
    else if (quoted) at += code === 0x5c ? 1 : 0
    else if (code === 0x7b || code === 0x5b) depth++
    else if (code === 0x7d || code === 0x5d) depth--
    if (depth > maxDepth) return true
  }
  return false
}

/** True when a value has more than `levels` levels; looks no deeper than that. */
function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const inner: unknown = value[at]
      if (typeof inner === 'object' && inner !== null && isDeeper(inner, levels - 1)) return true
    }
    return false
  }
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key]
    if (typeof inner === 'object' && inner !== null && isDeeper(inner, levels - 1)) return true
  }
  return false
}
