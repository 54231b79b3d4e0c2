/** How cells are written (RFC 4180 and its relatives). */
export interface CellSyntax {
  readonly delimiter: string
  /** Encloses a cell that contains delimiters or line feeds; empty: nothing does. */
  readonly quote: string
  /** Makes the next character ordinary, inside and outside quotes. A doubled quote works in any case. */
  readonly escape: string | undefined
}

export interface Row {
  readonly cells: readonly string[]
  /** Offset of the row's first character. */
  readonly start: number
  /** Offset of the quote that is not closed, when the row ends inside one. */
  readonly open?: number
}

/**
 * Cuts a text into rows of cells, in one pass. Rows end at line feeds outside quotes (also at CR LF, and a CR at the very end);
 * empty lines are no rows.
 */
export function readRows(text: string, syntax: CellSyntax): Row[] {
  const { delimiter, quote, escape } = syntax
  if (escape === undefined && (quote === '' || !text.includes(quote)) && !text.includes('\n')) {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text
    return line === '' ? [] : [{ cells: line.split(delimiter), start: 0 }]
  }
  const rows: Row[] = []
  let cells: string[] = []
  let start = 0
  let at = 0
  for (;;) {
    const cell = readCell(text, at, syntax)
    cells.push(cell.value)
    at = cell.end
    if (cell.open !== undefined) {
      rows.push({ cells, start, open: cell.open })
      return rows
    }
    if (text.startsWith(delimiter, at) && at < text.length) {
      at += delimiter.length
      continue
    }
    if (at > start) rows.push({ cells, start })
    if (at >= text.length) return rows
    at += text.charCodeAt(at) === 13 ? 2 : 1
    if (at >= text.length) return rows
    cells = []
    start = at
  }
}

interface Cell {
  readonly value: string
  /** Offset of the delimiter or line end behind it. */
  readonly end: number
  readonly open?: number
}

function readCell(text: string, start: number, syntax: CellSyntax): Cell {
  const { quote, escape } = syntax
  if (quote === '' || !text.startsWith(quote, start)) {
    const end = endOfCell(text, start, syntax)
    const raw = text.slice(start, end)
    return { value: escape === undefined || !raw.includes(escape) ? raw : unescape(raw, escape), end }
  }
  const ending = quote.charCodeAt(0)
  const skip = escape === undefined ? -1 : escape.charCodeAt(0)
  let value = ''
  let kept = start + 1
  for (let at = kept; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === skip && at + 1 < text.length) {
      value += text.slice(kept, at)
      kept = ++at
    } else if (code === ending && text.charCodeAt(at + 1) === ending) {
      value += text.slice(kept, ++at)
      kept = at + 1
    } else if (code === ending) {
      const end = endOfCell(text, at + 1, syntax)
      return { value: value + text.slice(kept, at) + text.slice(at + 1, end), end }
    }
  }
  return { value: value + text.slice(kept), end: text.length, open: start }
}

/** Offset of the next delimiter or line end that is not escaped. */
function endOfCell(text: string, from: number, { delimiter, escape }: CellSyntax): number {
  const first = delimiter.charCodeAt(0)
  const skip = escape === undefined ? -1 : escape.charCodeAt(0)
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === skip) at++
    else if (code === 10 || (code === 13 && (at + 1 === text.length || text.charCodeAt(at + 1) === 10))) return at
    else if (code === first && (delimiter.length === 1 || text.startsWith(delimiter, at))) return at
  }
  return text.length
}

/** Takes the escapes out; one at the very end stands for itself. */
function unescape(raw: string, escape: string): string {
  let value = ''
  let kept = 0
  for (let at = raw.indexOf(escape); at >= 0 && at + 1 < raw.length; at = raw.indexOf(escape, at + 2)) {
    value += raw.slice(kept, at)
    kept = at + 1
  }
  return value + raw.slice(kept)
}
