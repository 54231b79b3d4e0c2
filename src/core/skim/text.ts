import { type Piece, decodeAscii, pieceAt } from '../split/index.ts'
import { type Leaf, kinds } from './outline.ts'
import type { ValueOf } from './part.ts'
import type { Walk } from './walk.ts'

/** The bytes that are skimmed, as text. Places are within the block. */
export interface Block {
  readonly bytes: Uint8Array
  /** Where it begins in its frame. */
  readonly start: number
  between(from: number, to: number): string
  /** The record between two places. */
  parse(from: number, to: number): Record<string, unknown>
  /** The texts and numbers that the walk has seen last. */
  readonly valueOf: ValueOf
  /** A text to be read. */
  piece(from: number, to: number): Piece
}

/** `start`, `end`: where the block lies in its frame. Undefined when it is too large for the walk. */
export function openBlock(frame: Uint8Array, start: number, end: number, walk: Walk): Block | undefined {
  const bytes = frame.subarray(start, end)
  if (!walk.load(bytes)) return undefined
  const between = textsOf(bytes)
  return {
    ...{ bytes, start, between },
    parse: (from, to) => JSON.parse(between(from, to)),
    valueOf(leaf: Leaf) {
      const text = between(walk.from(leaf), walk.to(leaf))
      if (leaf.kind === kinds.long) return Number.isSafeInteger(Number(text)) ? Number(text) : text
      if (leaf.kind !== kinds.text) return Number(text)
      return text.includes('\\') ? JSON.parse(`"${text}"`) : text
    },
    piece: (from, to) => pieceAt(frame, start + from, start + to),
  }
}

/** Bytes that are decoded at once: to decode a large body as a whole takes four times as long, for the memory of its text. */
const windowSize = 65_536

/** Texts between places that mostly follow one another. Where all around is ASCII, they are cut out of one. */
function textsOf(bytes: Uint8Array): (from: number, to: number) => string {
  let start = 0
  let end = 0
  let ascii: string | undefined
  return (from, to) => {
    if (from < start || to > end) {
      start = from
      end = Math.min(bytes.length, Math.max(to, from + windowSize))
      ascii = decodeAscii(bytes.subarray(start, end))
    }
    return ascii === undefined ? utf8.decode(bytes.subarray(from, to)) : ascii.slice(from - start, to - start)
  }
}

/** Each byte that is no UTF-8 becomes the same wherever its text begins. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

const feed = 0x0a
const isBlank = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d

/** Behind blanks. */
export function behindBlanks(bytes: Uint8Array, at: number): number {
  let to = at
  while (isBlank(bytes[to])) to++
  return to
}

/** True when these bytes stand at this place. */
export function startsWith(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let n = 0; n < wanted.length; n++) if (bytes[at + n] !== wanted[n]) return false
  return true
}

/** Behind blanks and line feeds. */
export function behindSpace(bytes: Uint8Array, at: number): number {
  let to = at
  while (isBlank(bytes[to]) || bytes[to] === feed) to++
  return to
}

/**
 * Where the next text begins, if the one before surely ends here: nothing but blanks is left of its line, and no comma, which would
 * be part of what is between them, begins a line behind it.
 */
export function nextText(bytes: Uint8Array, at: number): number | undefined {
  const to = behindBlanks(bytes, at)
  if (to < bytes.length && bytes[to] !== feed) return undefined
  const next = behindSpace(bytes, to)
  return bytes[next] === 0x2c ? undefined : next
}
