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
  while (from < source.length) {
    let end = endOfRecord(source, from, final)
    if (end < 0 && !final) return { spans, rest: from }
    if (end < 0) end = source.length
    addLine(source, from, end, spans)
    from = end + 1
  }
  return { spans, rest: source.length }
}

/** The place of the line feed that ends the record, or -1 when there is none. */
function endOfRecord(source: string, from: number, final: boolean): number {
  let at = from
  for (;;) {
    const feed = source.indexOf('\n', at)
    const quote = source.indexOf('"', at)
    if (quote < 0 || (feed >= 0 && feed < quote)) return feed
    if (!opensField(source, from, quote)) {
      at = quote + 1
      continue
    }
    const close = closingQuote(source, quote)
    if (close < 0 && !final && source.length - quote <= maxField) return -1
    if (close < 0 || close - quote > maxField) return feed
    at = close + 1
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
