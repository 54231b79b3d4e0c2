/** One replacement in a source, and what it does in words. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly change: string
  /** Where what it is about stands, when that is not at `start`. */
  readonly at?: number
}

/** A part of a source. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** What must go so that a list loses one of its items together with a separator. The list has others. */
export function spanWithout(items: readonly Span[], index: number): Span & { readonly at: number } {
  const [item, next, previous] = [items[index]!, items[index + 1], items[index - 1]]
  const at = item.start
  return next ? { start: at, end: next.start, at } : { start: previous?.end ?? at, end: item.end, at }
}

const longest = 80

/** Source text as it is quoted in a line. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}
