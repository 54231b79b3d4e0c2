import type { ParseFailure, ParseText } from '../../core/contracts/index.ts'
import { put } from './record.ts'

/** How a text of pairs is written. */
export interface PairSyntax {
  readonly pairs: string
  readonly separator: string
  /** Each character may open a quoted text, and closes it. */
  readonly quotes: string
  readonly repeated: 'list' | 'first' | 'last'
  readonly words: 'text' | 'flag' | 'reject'
  /** Resolves the escapes of a quoted text; called only for those that contain a backslash. */
  unescape(text: string, quote: string): string
}

/** `\` before the quote or before itself is an escape; before anything else it stands for itself, as in `"C:\temp"`. */
export const plainEscapes = (text: string, quote: string): string =>
  text.replace(/\\(.)/gs, (whole, next: string) => (next === quote || next === '\\' ? next : whole))

/** Compiles a parser of pairs; each text gives one record. */
export function compilePairs(syntax: PairSyntax): ParseText {
  const quotes = new Set(Array.from(syntax.quotes, (quote) => quote.charCodeAt(0)))
  return (text) => {
    const data: Record<string, unknown> = {}
    const fault = readPairs(text, syntax, quotes, data)
    return fault ?? [{ data }]
  }
}

/** Fills `data` from a text of pairs, in one pass. Answers the failure, or undefined when all is well. */
function readPairs(
  text: string,
  syntax: PairSyntax,
  quotes: ReadonlySet<number>,
  data: Record<string, unknown>,
): ParseFailure | undefined {
  const { pairs, separator, repeated } = syntax
  const words: string[] = []
  const end = text.length
  let count = 0
  let at = 0
  let split = -1
  while (at < end) {
    if (text.startsWith(pairs, at)) {
      at += pairs.length
      continue
    }
    let key: string
    if (quotes.has(text.charCodeAt(at))) {
      const close = closingQuote(text, at)
      if (close < 0) return { failure: 'a quote is opened and not closed', at }
      key = inside(text, at, close, syntax)
      at = close + 1
      if (!text.startsWith(separator, at)) {
        words.push(key)
        continue
      }
    } else {
      const stop = find(text, pairs, at)
      if (split < at) split = find(text, separator, at)
      if (split >= stop || split === at) {
        words.push(trimmed(text, at, stop))
        at = stop
        continue
      }
      key = trimmed(text, at, split)
      at = split
    }
    at += separator.length
    count++
    if (!quotes.has(text.charCodeAt(at))) {
      const stop = find(text, pairs, at)
      add(data, key, trimmed(text, at, stop), repeated)
      at = stop
      continue
    }
    const close = closingQuote(text, at)
    if (close < 0) return { failure: `the value of ${key} opens a quote and does not close it`, at }
    const stop = find(text, pairs, close + 1)
    const value = inside(text, at, close, syntax)
    add(data, key, stop === close + 1 ? value : value + trimmed(text, close + 1, stop), repeated)
    at = stop
  }
  if (count === 0) return { failure: `no key${separator}value pair in the text` }
  if (words.length > 0 && syntax.words === 'reject') return { failure: `"${words[0]}" has no ${separator}` }
  if (syntax.words === 'flag') for (const word of words) add(data, word, true, repeated)
  else if (words.length > 0) add(data, 'text', words.join(' '), repeated)
  return undefined
}

function find(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from)
  return at < 0 ? text.length : at
}

/** The part of a text without blanks at its ends. */
function trimmed(text: string, from: number, to: number): string {
  const blank = from < to && (text.charCodeAt(from) <= 32 || text.charCodeAt(to - 1) <= 32)
  return blank ? text.slice(from, to).trim() : text.slice(from, to)
}

/** Index of the quote that closes the one at `open`; -1 when none does. */
function closingQuote(text: string, open: number): number {
  const quote = text.charCodeAt(open)
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === quote) return at
  }
  return -1
}

function inside(text: string, open: number, close: number, syntax: PairSyntax): string {
  const raw = text.slice(open + 1, close)
  return raw.includes('\\') ? syntax.unescape(raw, text[open] as string) : raw
}

function add(data: Record<string, unknown>, key: string, value: unknown, repeated: PairSyntax['repeated']): void {
  // Cheaper than asking for an own property first; inherited ones are told apart below.
  if (data[key] === undefined || repeated === 'last' || !Object.hasOwn(data, key)) put(data, key, value)
  else if (repeated === 'list') {
    const former = data[key]
    if (Array.isArray(former)) former.push(value)
    else put(data, key, [former, value])
  }
}
