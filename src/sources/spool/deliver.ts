import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Delivery } from '../../core/contracts/index.ts'
import type { Block, Section } from './block.ts'
import type { SpoolOptions } from './options.ts'
import type { Segment } from './segments.ts'
import { stateOf } from './state.ts'
import { isSound } from './walk.ts'
import { openWindow, type Window } from './window.ts'

/** Larger sections are read from the file when they are asked for. Bytes. */
const inMemory = 4_194_304

/**
 * A section as a delivery; undefined when its bytes are damaged. Places are stable: offsets in a segment whose name comes
 * once. What was joined has its offset in the segment; what stands alone is an origin of its own, which begins at 0, so that
 * its first line is one, and its compression is undone.
 */
export async function deliveryOf(
  options: Pick<SpoolOptions, 'source' | 'state'>,
  segment: Segment,
  block: Block,
  section: Section,
  window: Window,
): Promise<Delivery | undefined> {
  const bytes = section.bytes <= inMemory ? await window.bytes(section.at, section.bytes) : undefined
  const sound = bytes ? crc32(bytes) === section.crc : await isSound(window, section)
  if (!sound) return undefined
  const { source } = options
  const { at, framing } = section
  const joined = framing === 'lines' || framing === 'json'
  const { entry } = stateOf(options)
  return {
    id: `${source}|${segment.name}#${at}`,
    source,
    receivedAt: block.receivedAt,
    ...(joined ? { origin: segment.name, offset: at, firstLine: '' } : { origin: `${segment.name}/${at}` }),
    ...(framing !== 'as-sent' && { framing }),
    size: section.bytes,
    body: () => (bytes ? once(bytes) : stretches(segment.path, section)),
    checkpoint: (_, complete) => entry(segment.name, at, complete),
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const stretch = 1_048_576

async function* stretches(path: string, { at, bytes }: Section): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    const window = openWindow(handle, at + bytes, stretch)
    for (let done = 0; done < bytes; done += stretch) {
      const chunk = await window.bytes(at + done, Math.min(stretch, bytes - done))
      if (!chunk) throw new Error('the spool became shorter')
      yield chunk
    }
  } finally {
    await handle.close()
  }
}
