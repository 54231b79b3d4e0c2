/**
 * Copies bytes to a place in others: four times as fast as `Uint8Array.prototype.set`, where one of them is memory that threads share.
 */
export function copyBytes(from: Uint8Array, to: Uint8Array, at: number): void {
  Buffer.from(from.buffer, from.byteOffset, from.byteLength).copy(to, at)
}
