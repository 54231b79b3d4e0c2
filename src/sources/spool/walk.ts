import { crc32 } from 'node:zlib'
import { type Block, decodeBlock, descriptionLength, headerBytes, type Section } from './block.ts'
import type { Window } from './window.ts'

/** A stretch of a segment that is no block. */
export interface Damage {
  readonly from: number
  readonly to: number
}

/** The blocks of a segment from `from` up to `size`, in order; where there is none, the stretch up to the next one. */
export async function* walk(
  window: Window,
  marker: Uint8Array,
  from: number,
  size: number,
): AsyncGenerator<Block | Damage> {
  for (let at = from; at < size; ) {
    const block = await blockAt(window, marker, at, size)
    if (block) {
      yield block
      at = block.end
      continue
    }
    const to = await nextBlock(window, marker, at + 1, size)
    yield { from: at, to }
    at = to
  }
}

export const isDamage = (found: Block | Damage): found is Damage => 'from' in found

async function blockAt(window: Window, marker: Uint8Array, at: number, size: number): Promise<Block | undefined> {
  const head = await window.bytes(at, headerBytes)
  const length = head && descriptionLength(head, marker)
  if (length === undefined) return undefined
  const header = Buffer.from(head!)
  const description = await window.bytes(at + headerBytes, length)
  const block = description && decodeBlock(at, header, description)
  return block && block.end <= size ? block : undefined
}

const searched = 1_048_576

/** Where the next sound block begins; `size` when there is none. */
async function nextBlock(window: Window, marker: Uint8Array, from: number, size: number): Promise<number> {
  for (let at = from; at < size; ) {
    const length = Math.min(searched, size - at)
    const stretch = await window.bytes(at, length)
    const found = stretch ? stretch.indexOf(marker) : -1
    if (found >= 0) {
      if (await blockAt(window, marker, at + found, size)) return at + found
      at += found + 1
    } else if (length < searched) return size
    // A marker may lie across the end of the stretch.
    else at += length - marker.byteLength + 1
  }
  return size
}

/** True when the section's bytes are what was written. */
export async function isSound(window: Window, section: Section): Promise<boolean> {
  let crc = 0
  for (let at = 0; at < section.bytes; at += searched) {
    const stretch = await window.bytes(section.at + at, Math.min(searched, section.bytes - at))
    if (!stretch) return false
    crc = crc32(stretch, crc)
  }
  return crc === section.crc
}
