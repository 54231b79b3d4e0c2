import type { Framing } from './contracts/index.ts'
import type { Found } from './framing/found.ts'
import { findJson } from './framing/json.ts'
import { findLines } from './framing/lines.ts'
import { findQuoted } from './framing/quoted.ts'

export { sniff } from './framing/sniff.ts'

/** One text to be parsed. */
export interface Piece {
  readonly text: string
  /** Of its first byte, within the frame. */
  readonly offset: number
  /** What it stood as, without line end. */
  readonly bytes: Uint8Array
  /** True: not valid UTF-8. The text has U+FFFD in place of what is not; `bytes` keep the truth. */
  readonly broken: boolean
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
    for (let at = 0; at < spans.length; at += 2) {
      const [from, to] = [spans[at]!, spans[at + 1]!]
      const own = block.subarray(from, to)
      if (ascii !== undefined) yield { text: ascii.slice(from, to), offset: start + from, bytes: own, broken: false }
      else yield decoded(own, start + from, utf8)
    }
  }
}

/** The length of the longest prefix that ends at a record's end; 0 when no record is complete. */
export function cut(bytes: Uint8Array, framing: Framing): number {
  if (framing === 'whole') return 0
  if (framing === 'lines') return bytes.lastIndexOf(10) + 1
  // Before the last place where surely one record ends and another begins, nothing needs a look.
  let feed = framing === 'json' ? bytes.lastIndexOf(10) : -1
  while (feed >= 0 && !endsRecord(bytes, feed, framing)) feed = feed > 0 ? bytes.lastIndexOf(10, feed - 1) : -1
  const sure = feed + 1
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
  let feed = bytes.lastIndexOf(10, target)
  while (feed > start && !endsRecord(bytes, feed, framing)) feed = bytes.lastIndexOf(10, feed - 1)
  if (feed <= start) {
    feed = bytes.indexOf(10, target)
    while (feed >= 0 && !endsRecord(bytes, feed, framing)) feed = bytes.indexOf(10, feed + 1)
  }
  return feed < 0 ? bytes.length : feed + 1
}

/** In JSON, brackets that close before a line feed and open behind it belong to two values: inside one a comma is between. */
function endsRecord(bytes: Uint8Array, feed: number, framing: Framing): boolean {
  if (framing !== 'json') return true
  let before = feed - 1
  while (before >= 0 && bytes[before]! <= 0x20) before--
  let after = feed + 1
  while (after < bytes.length && bytes[after]! <= 0x20) after++
  return (bytes[before] === 0x7d || bytes[before] === 0x5d) && (bytes[after] === 0x7b || bytes[after] === 0x5b)
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

function decoded(given: Uint8Array, offset: number, utf8: Decoder): Piece {
  const marked = mark.every((byte, at) => given[at] === byte)
  const bytes = marked ? given.subarray(3) : given
  const at = marked ? offset + 3 : offset
  try {
    return { text: utf8.decode(bytes), offset: at, bytes, broken: false }
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), offset: at, bytes, broken: true }
  }
}
