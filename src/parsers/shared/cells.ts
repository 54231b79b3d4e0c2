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

/** Cuts a text into rows of cells, in one pass. Rows end at line feeds outside quotes; empty lines are no rows. */
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
    if (cells.length > 1 || cells[0] !== '') rows.push({ cells, start })
    if (at >= text.length) return rows
    at += text.charCodeAt(at) === 13 ? 2 : 1
    if (at >= text.length) return rows
    cells = []
    start = at
  }
}

/** Reads from `start` to the next delimiter or line end outside quotes. */
function readCell(text: string, start: number, syntax: CellSyntax): { value: string; end: number; open?: number } {
  const { delimiter, quote, escape } = syntax
  let value = ''
  let at = start
  let kept = start
  while (at < text.length) {
    const char = text[at] as string
    if (char === escape && char !== quote && at + 1 < text.length) {
      value += text.slice(kept, at) + text[at + 1]
      at += 2
      kept = at
    } else if (char === quote && at === kept && value === '' && at === start) {
      const open = at
      kept = ++at
      for (;;) {
        if (at >= text.length) return { value: value + text.slice(kept), end: at, open }
        const inner = text[at] as string
        if (inner === escape && inner !== quote && at + 1 < text.length) {
          value += text.slice(kept, at) + text[at + 1]
          at += 2
          kept = at
        } else if (inner !== quote) at++
        else if (text[at + 1] === quote) {
          value += text.slice(kept, at + 1)
          at += 2
          kept = at
        } else break
      }
      value += text.slice(kept, at)
      kept = ++at
    } else if (char === '\n' || (char === '\r' && text[at + 1] === '\n') || text.startsWith(delimiter, at)) break
    else at++
  }
  return { value: value + text.slice(kept, at), end: at }
}
