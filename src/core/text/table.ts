import { textWidth } from './printable.ts'

/** Colours of `paint.ts`, which take no room. */
// oxlint-disable-next-line no-control-regex -- that is what colours are made of
const colours = /\u001b\[[\d;]*m/g

const widthOf = (cell: string) => textWidth(cell.replaceAll(colours, ''))

/** Rows as lines, their cells in columns as wide as the widest. `right`: columns of numbers. Cells may be painted. */
export function columnsOf(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell))
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => {
      const gap = ' '.repeat((widths[index] ?? 0) - widthOf(cell))
      return right.includes(index) ? gap + cell : cell + gap
    })
    return cells.join('  ').trimEnd()
  })
}
