import { trimmed } from './messages.ts'

/** Takes a stream of syslog messages apart. */
export interface Splitter {
  /** Messages that are complete with this chunk, without their ends; empty ones are left out. */
  push(chunk: Buffer): readonly Buffer[]
  /** What the stream broke off in. */
  end(): readonly Buffer[]
}

export interface SplitterOptions {
  /** Bytes of a message that are kept; what is beyond is left out. */
  readonly limit: number
  /** Told of each message that was longer. */
  tooLong(): void
}

/** `MSG-LEN SP` of octet counting: up to seven digits. */
const longestCount = 7

/**
 * Messages over TCP (RFC 6587), each in its own framing: one that begins with its length in bytes and `<` is counted out, so
 * that it may hold line feeds; any other ends with a line feed or NUL.
 */
export function createSplitter({ limit, tooLong }: SplitterOptions): Splitter {
  /** Too few bytes to tell the framing. */
  let head: Buffer = Buffer.alloc(0)
  let within: 'none' | 'line' | 'counted' = 'none'
  /** Bytes of a counted message that are still to come. */
  let left = 0
  let parts: Buffer[] = []
  let size = 0
  let isCut = false

  function keep(bytes: Buffer): void {
    const kept = bytes.subarray(0, limit - size)
    isCut ||= kept.length < bytes.length
    if (kept.length > 0) parts.push(kept)
    size += kept.length
  }

  function finish(): Buffer {
    const message = trimmed(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
    if (isCut) tooLong()
    within = 'none'
    parts = []
    size = 0
    isCut = false
    return message
  }

  /** Answers the rest of the chunk. */
  function takeCounted(chunk: Buffer, messages: Buffer[]): Buffer {
    const taken = chunk.subarray(0, left)
    keep(taken)
    left -= taken.length
    if (left === 0) messages.push(finish())
    return chunk.subarray(taken.length)
  }

  function takeLine(chunk: Buffer, messages: Buffer[]): Buffer {
    const end = endOfLine(chunk)
    keep(end < 0 ? chunk : chunk.subarray(0, end))
    if (end < 0) return chunk.subarray(chunk.length)
    messages.push(finish())
    return chunk.subarray(end + 1)
  }

  return {
    push(chunk) {
      const messages: Buffer[] = []
      let rest = head.length > 0 ? Buffer.concat([head, chunk]) : chunk
      head = rest.subarray(rest.length)
      while (rest.length > 0) {
        if (within === 'none') {
          rest = rest.subarray(lineEnds(rest))
          const counted = countOf(rest)
          if (counted === 'unsure') {
            head = rest
            break
          }
          within = counted ? 'counted' : 'line'
          left = counted?.count ?? 0
          rest = rest.subarray(counted?.digits ?? 0)
        }
        rest = within === 'counted' ? takeCounted(rest, messages) : takeLine(rest, messages)
      }
      return messages.filter((message) => message.length > 0)
    },
    end() {
      keep(head)
      head = head.subarray(head.length)
      const message = finish()
      return message.length > 0 ? [message] : []
    },
  }
}

/** Where a line ends; -1 when it does not. */
function endOfLine(bytes: Buffer): number {
  const feed = bytes.indexOf(10)
  const nul = (feed < 0 ? bytes : bytes.subarray(0, feed)).indexOf(0)
  return nul < 0 ? feed : nul
}

/** How many bytes at the beginning end lines: those behind counted messages, and empty lines. */
function lineEnds(bytes: Buffer): number {
  let at = 0
  while (bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 0) at++
  return at
}

/** The length that a message begins with, and the bytes it stands in; undefined where it begins with none. */
function countOf(bytes: Buffer): { readonly digits: number; readonly count: number } | 'unsure' | undefined {
  let at = 0
  while (at < longestCount && isDigit(bytes[at])) at++
  if (bytes[0] === 0x30) return undefined
  if (at >= bytes.length) return 'unsure'
  if (at === 0 || bytes[at] !== 0x20) return undefined
  if (at + 1 >= bytes.length) return 'unsure'
  return bytes[at + 1] === 0x3c ? { digits: at + 1, count: Number(bytes.toString('latin1', 0, at)) } : undefined
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39
