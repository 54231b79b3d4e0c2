import { join } from './bytes.ts'

/**
 * Memory for stretches of streams, used again and again. Fresh memory of this size is cleared, and its mere amount makes V8
 * collect garbage all the time: half of what the main thread did. Threads may share it, so that whoever evaluates a frame finds it
 * where it was read.
 */
export interface Memory {
  /** Memory for a chunk of a stream. Whoever has it may keep it; it is used again only when it was given back. */
  take(bytes: number): Uint8Array
  /** Pieces of a stream as one. Nothing large is copied where the last lies in memory of this kind. */
  joined(pieces: readonly Uint8Array[], last: Uint8Array): Uint8Array
  /** The whole memory that these bytes lie in is free. What did not come from here is ignored. */
  give(bytes: Uint8Array): void
}

/** Bytes of a chunk, at most, and of what may be put before it: the part of a record that the last chunk ended with. */
const chunk = 1_048_576
const room = 65_536
/** Less than this is not worth memory that is kept. Bytes. */
const least = 16_384
/** How many are kept. */
const mostFree = 16

export function createMemory(): Memory {
  const own = new WeakSet<ArrayBufferLike>()
  const free = new Set<ArrayBufferLike>()
  return {
    take(bytes) {
      if (bytes > chunk || bytes < least) return new Uint8Array(bytes)
      const [buffer = new SharedArrayBuffer(room + chunk)] = free
      free.delete(buffer)
      own.add(buffer)
      return new Uint8Array(buffer, room, bytes)
    },
    joined(pieces, last) {
      const before = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
      if (!own.has(last.buffer) || before > room || last.byteOffset < room) return join([...pieces, last])
      const whole = new Uint8Array(last.buffer, last.byteOffset - before, before + last.byteLength)
      let at = 0
      for (const piece of pieces) {
        whole.set(piece, at)
        at += piece.byteLength
      }
      return whole
    },
    give({ buffer }) {
      if (own.has(buffer) && free.size < mostFree) free.add(buffer)
    },
  }
}
