import type { Found } from './found.ts'
import { addLine } from './lines.ts'

/** A quoted field longer than this is taken for a quote that was never closed. Characters. */
const maxField = 1_048_576

/**
 * Lines, where a line feed inside double quotes (RFC 4180) does not end one. A quote opens only at the beginning of a field
 * (behind a comma, semicolon, tab or bar, and spaces after it), so that an inch sign or an apostrophe swallows no neighbour.
 * A quote that is never closed ends with its line.
 */
export function findQuoted(source: string, final: boolean): Found {
  const spans: number[] = []
  let from = 0
  let at = 0
  // Looked for again only when it is passed: most sources have few quotes, and each search may go to the end.
  let quote = source.indexOf('"')
  for (;;) {
    const feed = source.indexOf('\n', at)
    const end = feed < 0 ? source.length : feed
    if (quote < 0 || quote > end) {
      if (feed < 0 && !final) return { spans, rest: from }
      addLine(source, from, end, spans)
      if (feed < 0) return { spans, rest: source.length }
      from = at = feed + 1
      continue
    }
    if (!opensField(source, from, quote)) {
      quote = source.indexOf('"', quote + 1)
      continue
    }
    const close = closingQuote(source, quote)
    if (close < 0 && !final && source.length - quote <= maxField) return { spans, rest: from }
    const closed = close >= 0 && close - quote <= maxField
    if (closed) at = close + 1
    quote = source.indexOf('"', closed ? at : end + 1)
  }
}

function opensField(source: string, from: number, quote: number): boolean {
  let before = quote - 1
  while (before >= from && source.charCodeAt(before) === 0x20) before--
  return before < from || ',;\t|'.includes(source[before]!)
}

/** The quote that closes the one at `open`; two in a row are one of the text's own. */
function closingQuote(source: string, open: number): number {
  let close = source.indexOf('"', open + 1)
  while (close >= 0 && source.charCodeAt(close + 1) === 0x22) close = source.indexOf('"', close + 2)
  return close
}
