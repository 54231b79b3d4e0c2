import { type Found, isBlank, trimEnd } from './found.ts'
import { scanJson } from './json-scan.ts'

/**
 * JSON values one after another: a line each, several on a line, or one over many lines; commas between them are skipped.
 * A line that starts with no bracket is a record of its own, as is a value that is broken: the latter ends where
 * a line begins that cannot be its inside. So one broken value costs its neighbours nothing.
 */
export function findJson(source: string, final: boolean): Found {
  const spans: number[] = []
  // Broken values are looked at more than once; hostile input meets this bound, and is then read line by line.
  let budget = 8 * source.length
  let join = nextJoin(source, 0)
  let at = 0
  for (;;) {
    at = skipBlank(source, at)
    if (at >= source.length) return { spans, rest: source.length }
    const feed = source.indexOf('\n', at)
    const line = feed < 0 ? source.length : feed
    const end = trimEnd(source, at, line)
    if (!isOpening(source.charCodeAt(at))) {
      if (feed < 0 && !final) return { spans, rest: at }
      spans.push(at, end)
      at = line
      continue
    }
    if (join < at) join = nextJoin(source, at)
    if (join >= end && isValueLine(source, at, end, line)) {
      spans.push(at, end)
      at = line
      continue
    }
    const scan = budget > 0 ? scanJson(source, at) : { end: end, complete: false, open: false }
    if (scan.complete) {
      spans.push(at, scan.end)
      at = skipComma(source, scan.end)
      continue
    }
    if (scan.open && !final) return { spans, rest: at }
    budget -= scan.end - at
    const next = nextRecordLine(source, line)
    spans.push(at, trimEnd(source, at, next))
    at = next
  }
}

const isOpening = (code: number) => code === 0x7b || code === 0x5b
const isClosing = (code: number) => code === 0x7d || code === 0x5d

/** Skips blanks and byte order marks, in one character or, read as Latin-1, in three. */
function skipBlank(source: string, from: number): number {
  let at = from
  for (;;) {
    if (at < source.length && isBlank(source.charCodeAt(at))) at++
    else if (source.startsWith('\u00ef\u00bb\u00bf', at)) at += 3
    else return at
  }
}

function skipComma(source: string, from: number): number {
  const at = skipBlank(source, from)
  return source[at] === ',' ? at + 1 : at
}

/** The first bracket that opens where another has just closed: outside of strings, two values on one line. */
function nextJoin(source: string, from: number): number {
  return Math.min(joinBefore(source, '{', from), joinBefore(source, '[', from))
}

function joinBefore(source: string, bracket: string, from: number): number {
  for (let at = source.indexOf(bracket, from); at >= 0; at = source.indexOf(bracket, at + 1)) {
    let before = at - 1
    while (before > from && (source.charCodeAt(before) === 0x20 || source.charCodeAt(before) === 0x09)) before--
    if (before >= from && isClosing(source.charCodeAt(before))) return at
  }
  return Number.POSITIVE_INFINITY
}

/** True for a line that opens and closes with brackets of one kind, when what follows it begins a value or is the end. */
function isValueLine(source: string, at: number, end: number, line: number): boolean {
  // The closing bracket comes two after the opening one in ASCII.
  if (end - at < 2 || source.charCodeAt(end - 1) !== source.charCodeAt(at) + 2) return false
  const next = skipBlank(source, line)
  return next >= source.length ? line < source.length : isOpening(source.charCodeAt(next))
}

/** The next line that begins like a record: not indented, and with nothing that goes on inside a value. */
function nextRecordLine(source: string, from: number): number {
  for (let feed = source.indexOf('\n', from); feed >= 0; feed = source.indexOf('\n', feed + 1)) {
    const code = source.charCodeAt(feed + 1)
    if (!isBlank(code) && !isClosing(code) && code !== 0x2c && code !== 0x22) return feed + 1
  }
  return source.length
}
