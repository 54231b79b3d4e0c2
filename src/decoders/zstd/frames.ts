import { damaged } from '../shared/errors.ts'

/** Finds the ends of zstd frames in a stream without decoding it. */
export interface FrameCutter {
  /** The chunk's pieces, in order: no piece reaches across the end of a frame. Throws BODY_DAMAGED for an unknown frame. */
  cut(chunk: Uint8Array): Iterable<Uint8Array>
  /** True when all that was seen is whole frames. */
  between(): boolean
}

type Part = 'magic' | 'descriptor' | 'skippable' | 'block'

/** Bytes of a part's header, the magic number included. RFC 8878, 3.1.1 and 3.1.2. */
const headerSize: Record<Part, number> = { magic: 4, descriptor: 5, skippable: 8, block: 3 }

export function createFrameCutter(): FrameCutter {
  let part: Part = 'magic'
  let header: number[] = []
  /** Bytes of content to pass over before the next header. */
  let content = 0
  let lastBlock = false
  let checksum = false

  /** Reads a complete header; what follows is its content, then `part`. */
  function enter(): void {
    if (part === 'magic') {
      const magic = number(header) >>> 0
      if (magic === 0xfd2fb528) part = 'descriptor'
      else if (magic >>> 4 === 0x184d2a5) part = 'skippable'
      else throw damaged(new Error('a frame begins with unknown bytes'))
      return
    }
    if (part === 'descriptor') {
      const descriptor = header[4]!
      const single = (descriptor & 0x20) !== 0
      const sizeField = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!
      const dictionaryField = [0, 1, 2, 4][descriptor & 3]!
      content = (single ? 0 : 1) + dictionaryField + sizeField
      checksum = (descriptor & 4) !== 0
      part = 'block'
    } else if (part === 'skippable') {
      content = number(header.slice(4)) >>> 0
      lastBlock = true
    } else {
      const block = number(header)
      lastBlock = (block & 1) !== 0
      // Type 1 repeats one byte; the other types hold as many bytes as they say.
      content = ((block >> 1) & 3) === 1 ? 1 : block >>> 3
      if (lastBlock && checksum) content += 4
    }
    header = []
  }

  return {
    *cut(chunk) {
      let start = 0
      let at = 0
      while (at < chunk.byteLength) {
        if (content > 0) {
          const passed = Math.min(content, chunk.byteLength - at)
          content -= passed
          at += passed
        } else {
          header.push(chunk[at++]!)
          if (header.length === headerSize[part]) enter()
        }
        if (content > 0 || !lastBlock) continue
        yield chunk.subarray(start, at)
        start = at
        part = 'magic'
        lastBlock = false
        checksum = false
      }
      if (start < at) yield chunk.subarray(start, at)
    },
    between: () => part === 'magic' && header.length === 0,
  }
}

/** Little endian, up to four bytes. */
const number = (bytes: readonly number[]) => bytes.reduce((sum, byte, n) => sum | (byte << (8 * n)), 0)
