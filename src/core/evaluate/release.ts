/** Smaller memory may be a part of what others use (Node's pool for buffers). Bytes. */
const least = 65_536

/**
 * Frees memory that nobody else has, and nobody reads any more, now and not with the next garbage: V8 collects that of a whole heap
 * for every few dozen large bodies. Where the engine cannot (Node before 22), garbage it is.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength >= least && buffer instanceof ArrayBuffer && 'transfer' in buffer) buffer.transfer(0)
}
