import { createZstdDecompress, zstdDecompressSync } from 'node:zlib'
import type { Decoder } from '../core/contracts/index.ts'
import { damaged, decodeError, tooLarge } from './shared/errors.ts'
import { pump } from './shared/pump.ts'
import { createFrameCutter } from './zstd/frames.ts'

/** RFC 8878, any number of frames one after another, skippable frames among them. */
export const zstd: Decoder = {
  name: 'zstd',
  detects: (head) => isFrame(head) || isSkippable(head),
  decode(bytes, maxBytes) {
    const decoded: Uint8Array[] = []
    let size = 0
    for (const frame of wholeFrames(bytes)) {
      if (isSkippable(frame)) continue
      if (size >= maxBytes) throw tooLarge(`more than ${maxBytes} bytes`)
      try {
        const part = zstdDecompressSync(frame, { maxOutputLength: maxBytes - size, chunkSize: 262_144 })
        decoded.push(part)
        size += part.byteLength
      } catch (error) {
        throw decodeError(error, maxBytes)
      }
    }
    return decoded.length === 1 ? decoded[0]! : Buffer.concat(decoded)
  },
  // The engine forgets what follows a frame in the same write, so each write ends where a frame ends.
  stream: (body, { maxRatio }) => pump(cutAtFrames(body), createZstdDecompress, maxRatio),
}

const isFrame = (head: Uint8Array) => head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd
const isSkippable = (head: Uint8Array) =>
  (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18

/** All frames of a body. Throws BODY_DAMAGED when something else stands between them or the last one is cut off. */
function wholeFrames(bytes: Uint8Array): readonly Uint8Array[] {
  const cutter = createFrameCutter()
  const pieces = [...cutter.cut(bytes)]
  if (!cutter.between()) throw damaged(new Error('the last frame ends too early'))
  return pieces
}

async function* cutAtFrames(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const cutter = createFrameCutter()
  for await (const chunk of body) yield* cutter.cut(chunk)
}
