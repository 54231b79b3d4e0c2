import type { FileHandle } from 'node:fs/promises'

/** Reads a file in larger stretches than are asked for, so that many small looks cost few reads. */
export interface Window {
  /** `length` bytes from `at`, as a view; undefined where the file is shorter. */
  bytes(at: number, length: number): Promise<Buffer | undefined>
}

/** `size`: as far as the file may be read. `stretch`: bytes read at a time, at least. */
export function openWindow(handle: FileHandle, size: number, stretch: number): Window {
  let held: Buffer = Buffer.alloc(0)
  let from = 0
  return {
    async bytes(at, length) {
      if (at + length > size) return undefined
      if (at < from || at + length > from + held.length) {
        held = await readAt(handle, at, Math.min(size - at, Math.max(length, stretch)))
        from = at
      }
      return held.length < at - from + length ? undefined : held.subarray(at - from, at - from + length)
    },
  }
}

/** Up to `length` bytes from `at`; fewer only at the end of the file. */
async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, at + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
