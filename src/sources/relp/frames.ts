/**
 * Frames of RELP (https://www.rsyslog.com/doc/relp.html): `TXNR SP COMMAND SP DATALEN [SP DATA] LF`.
 * A number of a transaction has up to nine digits, a command up to 32 letters, a length up to nine digits.
 */
export interface Frame {
  /** The number that the answer carries. */
  readonly transaction: number
  readonly command: string
  readonly data: Buffer
}

export interface FrameReader {
  /** The frames that are complete with this chunk. */
  push(chunk: Buffer): readonly Frame[]
  /** What came after the last frame is not RELP: the stream cannot be read any further. */
  isBroken(): boolean
}

export interface FrameOptions {
  /** Bytes of data that are kept; what is beyond is left out. */
  readonly limit: number
  /** Told of each frame that was longer. */
  tooLong(): void
}

interface Head {
  readonly transaction: number
  readonly command: string
  readonly length: number
  /** Bytes that it takes. */
  readonly size: number
}

const headPattern = /^(\d{1,9}) ([A-Za-z]{1,32}) (\d{1,9})([ \n])/
/** A head is never longer. */
const longestHead = 9 + 1 + 32 + 1 + 9 + 1
const feed = 10

/** Takes a stream apart. Memory stays within one frame of the limit, whatever lengths are announced. */
export function createFrameReader({ limit, tooLong }: FrameOptions): FrameReader {
  /** The beginning of a head. */
  let begun: Buffer = Buffer.alloc(0)
  let head: Head | undefined
  let parts: Buffer[] = []
  let size = 0
  /** Bytes of data that are still to come. */
  let left = 0
  let broken = false

  function keep(bytes: Buffer): void {
    const kept = bytes.subarray(0, limit - size)
    if (kept.length > 0) parts.push(kept)
    size += kept.length
    left -= bytes.length
  }

  function finish({ transaction, command, length }: Head): Frame {
    const data = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    if (length > limit) tooLong()
    head = undefined
    parts = []
    size = 0
    return { transaction, command, data }
  }

  return {
    push(chunk) {
      const frames: Frame[] = []
      let rest = begun.length > 0 ? Buffer.concat([begun, chunk]) : chunk
      begun = rest.subarray(rest.length)
      while (rest.length > 0 && !broken) {
        if (!head) {
          const found = headOf(rest)
          if (found === 'unsure') {
            begun = rest
            break
          }
          if (found === 'broken') {
            broken = true
            break
          }
          head = found
          left = found.length
          rest = rest.subarray(found.size)
          continue
        }
        if (left > 0) {
          const taken = rest.subarray(0, left)
          keep(taken)
          rest = rest.subarray(taken.length)
        } else {
          broken = rest[0] !== feed
          if (!broken) frames.push(finish(head))
          rest = rest.subarray(1)
        }
      }
      return frames
    },
    isBroken: () => broken,
  }
}

/** The head of a frame; with no data it ends before the line feed. */
function headOf(bytes: Buffer): Head | 'unsure' | 'broken' {
  const text = bytes.toString('latin1', 0, longestHead)
  const found = headPattern.exec(text)
  if (!found)
    return bytes.length < longestHead && /^\d{0,9}(?: [A-Za-z]{0,32}(?: \d{0,9})?)?$/.test(text) ? 'unsure' : 'broken'
  const [matched, transaction, command, digits, end] = found
  const length = Number(digits)
  if (end === '\n' && length > 0) return 'broken'
  return {
    ...{ transaction: Number(transaction), command: command!, length },
    size: end === '\n' ? matched.length - 1 : matched.length,
  }
}

/** A frame to send. */
export function encodeFrame(transaction: number, command: string, data: string): string {
  const length = Buffer.byteLength(data)
  return length === 0 ? `${transaction} ${command} 0\n` : `${transaction} ${command} ${length} ${data}\n`
}
