import type { Frame } from '../../core/contracts/index.ts'
import { copyBytes } from './copy.ts'

/** More than this of one job is sent as it is: such jobs are rare, and the memory would stay. Bytes. */
const most = 16 * 1_048_576

/**
 * Memory that a thread shares with the one that gives it its jobs, one at a time: to copy a frame into it costs a fraction of
 * what a message with the frame costs both threads in copies and garbage. Frames that lie in shared memory already are sent as they are.
 * All stay with the sender, who may have to send them again.
 */
export function createSharedBytes(): (frames: readonly Frame[]) => readonly Frame[] {
  let memory = new Uint8Array(new SharedArrayBuffer(0))
  return (frames) => {
    const total = frames.reduce((sum, { bytes }) => sum + (isShared(bytes) ? 0 : bytes.byteLength), 0)
    if (total > most) return frames
    if (total > memory.byteLength) memory = new Uint8Array(new SharedArrayBuffer(total + total / 4))
    let end = 0
    return frames.map((frame) => {
      if (isShared(frame.bytes)) return frame
      const start = end
      end += frame.bytes.byteLength
      copyBytes(frame.bytes, memory, start)
      return { ...frame, bytes: memory.subarray(start, end) }
    })
  }
}

const isShared = ({ buffer }: Uint8Array): boolean => buffer instanceof SharedArrayBuffer
