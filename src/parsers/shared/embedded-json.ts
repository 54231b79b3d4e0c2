import { parseJson } from '../../core/json.ts'
import { isObject } from './record.ts'

/** Where a JSON value stands inside a text: `[start, end)`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A text may hold brackets before its JSON (`app[12]: {…}`); no more places than this are tried, to stay linear. */
const maxTries = 16

/**
 * Finds the first JSON value inside a text that can be a record or several, with its place: an object that is not empty, or
 * a list with an object in it. So `app[12]: {…}` gives what follows the process id.
 */
export function findJson(text: string): { value: unknown; span: Span } | undefined {
  let from = 0
  for (let tries = 0; tries < maxTries; tries++) {
    const start = nextBracket(text, from)
    if (start < 0) return undefined
    const end = closing(text, start)
    if (end > 0) {
      const read = parseJson(text.slice(start, end))
      if ('value' in read && holdsRecords(read.value)) return { value: read.value, span: { start, end } }
    }
    from = start + 1
  }
  return undefined
}

const holdsRecords = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isObject) : isObject(value) && Object.keys(value).length > 0

function nextBracket(text: string, from: number): number {
  const brace = text.indexOf('{', from)
  const bracket = text.indexOf('[', from)
  if (brace < 0) return bracket
  return bracket < 0 ? brace : Math.min(brace, bracket)
}

/** One past the bracket that closes the one at `start`, strings left aside; -1 when none does. */
function closing(text: string, start: number): number {
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === 92) at++
      else if (code === 34) quoted = false
    } else if (code === 34) quoted = true
    else if (code === 123 || code === 91) depth++
    else if ((code === 125 || code === 93) && --depth === 0) return at + 1
  }
  return -1
}
