const lineFeed = 10
const hash = 35
const decoder = new TextDecoder()

/**
 * The head of a stream, for formats that have one: its first line; where that begins with `#`, as in W3C extended log files,
 * also the lines with `#` that follow it at once. `bytes` is the stream's beginning; a line that it cuts off counts as far as
 * it goes.
 */
export function headOf(bytes: Uint8Array): string {
  let end = lineEnd(bytes, 0)
  if (bytes[0] === hash) while (bytes[end + 1] === hash) end = lineEnd(bytes, end + 1)
  return decoder.decode(bytes.subarray(0, end))
}

/**
 * The head that holds for what follows `bytes`, a stretch of a stream whose head so far is `head`: a later `#Fields:` line names
 * the columns anew.
 */
export function headAfter(bytes: Uint8Array, head: string): string {
  if (!head.startsWith('#')) return head
  for (let at = bytes.lastIndexOf(hash); at >= 0; at = at > 0 ? bytes.lastIndexOf(hash, at - 1) : -1) {
    if (at > 0 && bytes[at - 1] !== lineFeed) continue
    const line = decoder.decode(bytes.subarray(at, Math.min(lineEnd(bytes, at), at + longestHead)))
    if (namesColumns(line)) return line
  }
  return head
}

/** True for the line of a W3C extended log file that names the columns of all lines up to the next such line. */
export const namesColumns = (line: string): boolean => line.charCodeAt(0) === hash && /^#Fields:/i.test(line)

/** Bytes of a head that count. */
export const longestHead = 8192

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(lineFeed, from)
  return end < 0 ? bytes.length : end
}
