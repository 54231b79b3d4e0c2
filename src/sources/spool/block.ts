import { crc32 } from 'node:zlib'
import type { Framing } from '../../core/contracts/index.ts'

/**
 * What one group commit writes: a header, a description, a payload. Blocks follow one another in a segment file.
 *
 * Header, 32 bytes, big endian: marker of the segment (8) · time of receipt, epoch milliseconds (8, double) · length of the
 * description (4) · length of the payload (8, double) · CRC-32 of the header up to here and the description (4).
 * Description, JSON: `{keys: [[key, expiry]…], sections: [[framing, bytes, records, CRC-32]…]}`. Payload: the sections.
 *
 * The marker is chance, new for each segment, and stands in the segment's name: where a block is damaged, the next one is
 * found by it, and no log data can hold one that passes for a block.
 */
export interface Block {
  /** Offsets in the segment of the block's first byte and of what follows it. */
  readonly at: number
  readonly end: number
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly keys: readonly KeyRecord[]
  readonly sections: readonly Section[]
}

/** A key of the appends in the block, and until when it is known, epoch milliseconds. */
export type KeyRecord = readonly [key: string, expiry: number]

/** A stretch of the payload: what is delivered as one. */
export interface Section {
  /** Offset in the segment of its first byte. */
  readonly at: number
  readonly bytes: number
  /** `lines` and `json` hold any number of entries; any other, and `as-sent`, one. */
  readonly framing: Framing | 'as-sent'
  readonly records: number
  readonly crc: number
}

/** A section before it is written, in the pieces it came in. */
export interface Draft {
  readonly framing: Section['framing']
  readonly records: number
  readonly pieces: readonly Uint8Array[]
}

export const headerBytes = 32
export const markerBytes = 8

/** A description longer than this is none: 100,000 keys. */
export const maxDescription = 8_388_608

/** The pieces to write, one after another. */
export function encodeBlock(
  marker: Uint8Array,
  receivedAt: number,
  keys: readonly KeyRecord[],
  drafts: readonly Draft[],
): readonly Uint8Array[] {
  const sections = drafts.map(({ framing, records, pieces }) => {
    let bytes = 0
    let crc = 0
    for (const piece of pieces) {
      bytes += piece.byteLength
      crc = crc32(piece, crc)
    }
    return [framing, bytes, records, crc] as const
  })
  const description = Buffer.from(JSON.stringify({ keys, sections }))
  const header = Buffer.alloc(headerBytes)
  header.set(marker, 0)
  header.writeDoubleBE(receivedAt, 8)
  header.writeUInt32BE(description.length, 16)
  header.writeDoubleBE(
    sections.reduce((sum, [, bytes]) => sum + bytes, 0),
    20,
  )
  header.writeUInt32BE(crc32(description, crc32(header.subarray(0, 28))), 28)
  return [header, description, ...drafts.flatMap(({ pieces }) => pieces)]
}

/** The length of the description that a header announces; undefined when it is no header. */
export function descriptionLength(header: Uint8Array, marker: Uint8Array): number | undefined {
  const view = Buffer.from(header.buffer, header.byteOffset, header.byteLength)
  if (view.length < headerBytes || view.compare(marker, 0, markerBytes, 0, markerBytes) !== 0) return undefined
  const length = view.readUInt32BE(16)
  return length <= maxDescription ? length : undefined
}

/** Reads header and description of the block at `at`. Undefined when they are not what was written. */
export function decodeBlock(at: number, header: Buffer, description: Buffer): Block | undefined {
  if (header.readUInt32BE(28) !== crc32(description, crc32(header.subarray(0, 28)))) return undefined
  const { keys, sections } = JSON.parse(description.toString()) as {
    keys: KeyRecord[]
    sections: [Section['framing'], number, number, number][]
  }
  let next = at + headerBytes + description.length
  const placed = sections.map(([framing, bytes, records, crc]) => {
    const section = { at: next, bytes, framing, records, crc }
    next += bytes
    return section
  })
  return { at, end: next, receivedAt: header.readDoubleBE(8), keys, sections: placed }
}
