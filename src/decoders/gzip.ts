import { createGunzip, gunzipSync } from 'node:zlib'
import type { Decoder } from '../core/contracts/index.ts'
import { decodeError } from './shared/errors.ts'
import { pump } from './shared/pump.ts'

/** RFC 1952, any number of members one after another. */
export const gzip: Decoder = {
  name: 'gzip',
  // Two magic bytes, and deflate: the only method there is.
  detects: (head) => head[0] === 0x1f && head[1] === 0x8b && head[2] === 8,
  decode(bytes, maxBytes) {
    try {
      return gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: expectedSize(bytes) })
    } catch (error) {
      throw decodeError(error, maxBytes)
    }
  },
  stream: (body, { maxRatio }) => pump(body, createGunzip, maxRatio),
}

/** The last four bytes tell the size of the last member: with it the output is mostly one buffer. A hint, not to be trusted. */
function expectedSize(bytes: Uint8Array): number {
  const tail = bytes.subarray(-4)
  const told = tail.length === 4 ? new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, true) : 0
  return Math.min(Math.max(told + 1, 16_384), 4_194_304)
}
