import type { Framing } from '../contracts/index.ts'
import { hasDigitRun } from '../json.ts'
import type { Found } from './found.ts'
import { findJson } from './json.ts'
import { findLines } from './lines.ts'
import { findQuoted } from './quoted.ts'

export { sniff } from './sniff.ts'

/** One text to be parsed. */
export interface Piece {
  readonly text: string
  /** Of its first byte, within the frame. */
  readonly offset: number
  /** What it stood as, without line end. */
  readonly bytes: Uint8Array
  /** True: not valid UTF-8. The text has U+FFFD in place of what is not; `bytes` keep the truth. */
  readonly broken: boolean
  /** True: no integer in it is beyond 2^53; see `ParseContext`. Looked for in JSON only. */
  readonly safeIntegers: boolean
}

/**
 * The texts in a frame, which ends where a record ends or where the stream does. Blank lines and byte order marks are left
 * out; never throws. Frames are decoded in blocks: one that holds only ASCII, as most do, costs one decoding for all its
 * texts; any other is taken apart as Latin-1, where a character is a byte, and its texts are decoded one by one.
 */
export function* split(bytes: Uint8Array, framing: Framing): Generator<Piece> {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (const [start, end] of blocks(bytes, framing)) {
    const block = bytes.subarray(start, end)
    const ascii = decodeAscii(block, utf8)
    const source = ascii ?? latin1(block)
    const { spans } = find(source, framing, true)
    const safeIntegers = framing === 'json' && !hasDigitRun(block)
    for (let at = 0; at < spans.length; at += 2) {
      const [from, to] = [spans[at]!, spans[at + 1]!]
      const own = block.subarray(from, to)
      if (ascii === undefined) yield decoded(own, start + from, safeIntegers, utf8)
      else yield { text: ascii.slice(from, to), offset: start + from, bytes: own, broken: false, safeIntegers }
    }
  }
}

/** The length of the longest prefix that ends at a record's end; 0 when no record is complete. */
export function cut(bytes: Uint8Array, framing: Framing): number {
  if (framing === 'whole') return 0
  if (framing === 'lines') return bytes.lastIndexOf(10) + 1
  // Before the last place where surely one value ends and another begins, nothing needs a look.
  const sure = framing === 'json' ? lastEnd(bytes, bytes.length, framing) : 0
  return sure + find(latin1(bytes.subarray(sure)), framing, false).rest
}

/** `final`: the source goes no further; what is incomplete at its end is found too. */
function find(source: string, framing: Framing, final: boolean): Found {
  if (framing === 'json') return findJson(source, final)
  if (framing === 'quoted') return findQuoted(source, final)
  return framing === 'lines' ? findLines(source, final) : { spans: [0, source.length], rest: 0 }
}

const blockSize = 65_536

/** Stretches of about a block's size that end where a record ends, as far as one line feed and its neighbours show it. */
function* blocks(bytes: Uint8Array, framing: Framing): Generator<readonly [number, number]> {
  let start = 0
  while (start < bytes.length) {
    const end = blockEnd(bytes, start, framing)
    yield [start, end]
    start = end
  }
}

function blockEnd(bytes: Uint8Array, start: number, framing: Framing): number {
  if (framing === 'quoted' || framing === 'whole' || bytes.length - start <= blockSize) return bytes.length
  const target = start + blockSize
  const end = lastEnd(bytes, target, framing)
  return end > start ? end : nextEnd(bytes, target, framing)
}

/** The last place up to `to` behind a line feed that surely ends a record; 0 when there is none. */
function lastEnd(bytes: Uint8Array, to: number, framing: Framing): number {
  for (let feed = lastFeed(bytes, to); feed >= 0; ) {
    if (framing !== 'json') return feed + 1
    const gap = gapAt(bytes, feed)
    if (dividesValues(bytes, gap)) return feed + 1
    feed = lastFeed(bytes, gap.from)
  }
  return 0
}

/** The first such place from `from` on; the end when there is none. */
function nextEnd(bytes: Uint8Array, from: number, framing: Framing): number {
  for (let feed = bytes.indexOf(10, from); feed >= 0; ) {
    if (framing !== 'json') return feed + 1
    const gap = gapAt(bytes, feed)
    if (dividesValues(bytes, gap)) return feed + 1
    feed = bytes.indexOf(10, gap.to)
  }
  return bytes.length
}

/** The last line feed before `to`, or -1. */
const lastFeed = (bytes: Uint8Array, to: number) => (to > 0 ? bytes.lastIndexOf(10, to - 1) : -1)

interface Gap {
  readonly from: number
  readonly to: number
}

/** The blanks around a line feed. */
function gapAt(bytes: Uint8Array, feed: number): Gap {
  let from = feed
  while (from > 0 && bytes[from - 1]! <= 0x20) from--
  let to = feed + 1
  while (to < bytes.length && bytes[to]! <= 0x20) to++
  return { from, to }
}

/** In JSON, brackets that close before a line feed and open behind it belong to two values: within one a comma is between. */
function dividesValues(bytes: Uint8Array, { from, to }: Gap): boolean {
  const [before, after] = [bytes[from - 1], bytes[to]]
  return (before === 0x7d || before === 0x5d) && (after === 0x7b || after === 0x5b)
}

type Decoder = InstanceType<typeof TextDecoder>

/** The text of bytes that are all ASCII, else undefined: any other character takes more bytes than units. */
function decodeAscii(bytes: Uint8Array, utf8: Decoder): string | undefined {
  try {
    const text = utf8.decode(bytes)
    return text.length === bytes.length ? text : undefined
  } catch {
    return undefined
  }
}

/** One character for each byte. (`latin1` names windows-1252, whose differences lie outside of all that structures text.) */
const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)

const mark = [0xef, 0xbb, 0xbf]

function decoded(given: Uint8Array, start: number, safeIntegers: boolean, utf8: Decoder): Piece {
  const marked = mark.every((byte, at) => given[at] === byte)
  const bytes = marked ? given.subarray(3) : given
  const offset = marked ? start + 3 : start
  try {
    return { text: utf8.decode(bytes), offset, bytes, broken: false, safeIntegers }
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    return { text, offset, bytes, broken: true, safeIntegers }
  }
}
