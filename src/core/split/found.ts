/**
 * What a framing finds in a source: a text in which one character stands for one byte, so that places in it are byte
 * offsets. That holds for ASCII, and for any bytes read as Latin-1; the characters that structure text are the same in both.
 */
export interface Found {
  /** From and to (exclusive) of each record, in pairs. */
  readonly spans: readonly number[]
  /** Where the part begins that may go on behind the source's end. The source's length when there is none. */
  readonly rest: number
}

/** True from a character that is no white space. NUL and the record separator of RFC 7464 are white space here. */
export const isBlank = (code: number) => code <= 0x20 && code !== 0

/** The end of a line without its line feed, carriage return and blanks. */
export function trimEnd(source: string, from: number, to: number): number {
  let end = to
  while (end > from && isBlank(source.charCodeAt(end - 1))) end--
  return end
}
