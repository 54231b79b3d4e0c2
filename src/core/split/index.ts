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
  /** Bytes it takes in the frame, without line end: see `bytesOf`. */
  readonly length: number
  /** True: not valid UTF-8. The text has U+FFFD in place of what is not; the bytes keep the truth. */
  readonly broken: boolean
  /** True: no integer in it is beyond 2^53; see `ParseContext`. Looked for in JSON only. */
  readonly safeIntegers: boolean
}

/** What a piece stood as in the frame it was found in. */
export const bytesOf = ({ offset, length }: Piece, frame: Uint8Array): Uint8Array =>
  frame.subarray(offset, offset + length)

/**
 * The texts in a frame, which ends where a record ends or where the stream does. Blank lines and byte order marks are left
 * out; never throws.
 */
export function* split(bytes: Uint8Array, framing: Framing): Generator<Piece> {
  for (const block of splitBlocks(bytes, framing)) yield* block
}

/**
 * The same, some dozens at a time. Frames are decoded in blocks: one that holds only ASCII, as most do, costs one decoding for
 * all its texts; any other is taken apart as Latin-1, where a character is a byte, and its texts are decoded one by one.
 */
export function* splitBlocks(bytes: Uint8Array, framing: Framing): Generator<readonly Piece[]> {
  for (const [start, end] of blocksOf(bytes, framing)) yield piecesOf(bytes.subarray(start, end), start, framing)
}

/** Where each of the blocks begins and ends. */
export function* blocksOf(bytes: Uint8Array, framing: Framing): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < bytes.length; ) {
    const end = blockEnd(bytes, start, framing)
    yield [start, end]
    start = end
  }
}

/** The texts of a block. `start`: where the block begins in its frame. */
export function piecesOf(block: Uint8Array, start: number, framing: Framing): readonly Piece[] {
  const ascii = decodeAscii(block)
  const { spans } = find(ascii ?? latin1(block), framing, true)
  const safeIntegers = framing === 'json' && !hasDigitRun(block)
  const pieces: Piece[] = []
  for (let at = 0; at < spans.length; at += 2) {
    const from = spans[at]!
    const to = spans[at + 1]!
    if (ascii === undefined) {
      const piece = decoded(block.subarray(from, to), start + from, safeIntegers)
      if (piece.length > 0) pieces.push(piece)
    } else
      pieces.push({ text: ascii.slice(from, to), offset: start + from, length: to - from, broken: false, safeIntegers })
  }
  return pieces
}

/** The text between two places in a frame, of which no more is known. */
export const pieceAt = (bytes: Uint8Array, from: number, to: number): Piece =>
  decoded(bytes.subarray(from, to), from, false)

/** The length of the longest prefix that ends at a record's end; 0 when no record is complete. */
export function cut(bytes: Uint8Array, framing: Framing): number {
  if (framing === 'whole') return 0
  if (framing === 'lines') return bytes.lastIndexOf(10) + 1
  // Before the last place where surely one value ends and another begins, nothing needs a look.
  const sure = framing === 'json' ? lastEnd(bytes, bytes.length, framing) : 0
  return sure + find(latin1(bytes.subarray(sure)), framing, false).rest
}

/** The last place in a part of a stream that surely is a record's end, whatever came before the part; 0 when none is seen. */
export const lastCut = (part: Uint8Array, framing: Framing): number =>
  framing === 'lines' || framing === 'json' ? lastEnd(part, part.length, framing) : 0

/** `final`: the source goes no further; what is incomplete at its end is found too. */
function find(source: string, framing: Framing, final: boolean): Found {
  if (framing === 'json') return findJson(source, final)
  if (framing === 'quoted') return findQuoted(source, final)
  return framing === 'lines' ? findLines(source, final) : { spans: [0, source.length], rest: 0 }
}

/**
 * Where in `bytes`, a stretch of a stream, the first record begins that begins at `from` or behind it; undefined when what follows has to be
 * seen. The same bytes before and behind `from` give the same place, however far they reach. For framings that `lastCut` knows.
 */
export function seamIn(bytes: Uint8Array, from: number, framing: Framing): number | undefined {
  for (let feed = bytes.indexOf(10, Math.max(0, from - 1)); feed >= 0; ) {
    if (framing !== 'json') return feed + 1
    const gap = gapAt(bytes, feed)
    if (gap.to === bytes.length) return undefined
    if (dividesValues(bytes, gap)) return feed + 1
    feed = bytes.indexOf(10, gap.to)
  }
  return undefined
}

const blockSize = 65_536

/** Where a block of about the usual size ends: where a record does, as far as one line feed and its neighbours show it. */
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

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes that are all ASCII, else undefined: any other character takes more bytes than units. */
export function decodeAscii(bytes: Uint8Array): string | undefined {
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

function decoded(given: Uint8Array, start: number, safeIntegers: boolean): Piece {
  const marked = mark.every((byte, at) => given[at] === byte)
  const bytes = marked ? given.subarray(3) : given
  const offset = marked ? start + 3 : start
  try {
    return { text: utf8.decode(bytes), offset, length: bytes.length, broken: false, safeIntegers }
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    return { text, offset, length: bytes.length, broken: true, safeIntegers }
  }
}
