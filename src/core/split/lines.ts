import { type Found, isBlank, trimEnd } from './found.ts'

/** Lines, without line feed and carriage return. Blank lines are left out. */
export function findLines(source: string, final: boolean): Found {
  const spans: number[] = []
  let from = 0
  for (let feed = source.indexOf('\n'); feed >= 0; feed = source.indexOf('\n', from)) {
    addLine(source, from, feed, spans)
    from = feed + 1
  }
  if (final) {
    addLine(source, from, source.length, spans)
    from = source.length
  }
  return { spans, rest: from }
}

/** Adds a line unless it is blank. */
export function addLine(source: string, from: number, to: number, spans: number[]): void {
  let end = to
  while (end > from && source.charCodeAt(end - 1) === 0x0d) end--
  if (end === from || (isBlank(source.charCodeAt(from)) && trimEnd(source, from, end) === from)) return
  spans.push(from, end)
}
