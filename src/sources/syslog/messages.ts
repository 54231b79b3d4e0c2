import type { SpoolEntry } from '../spool/index.ts'

const feed = 10
const isEnd = (byte: number | undefined) => byte === feed || byte === 13 || byte === 0

/** A message without the line ends and NULs that many senders put behind it. */
export function trimmed(message: Buffer): Buffer {
  let end = message.length
  while (end > 0 && isEnd(message[end - 1])) end--
  return message.subarray(0, end)
}

/** Messages as entries of the spool; one over several lines stays one record. */
export function entriesOf(messages: readonly Buffer[]): readonly SpoolEntry[] {
  return messages
    .filter((message) => message.length > 0)
    .map((bytes) => ({ bytes, framing: bytes.includes(feed) ? 'whole' : 'lines' }))
}
