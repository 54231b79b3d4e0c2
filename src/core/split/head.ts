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

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(lineFeed, from)
  return end < 0 ? bytes.length : end
}
