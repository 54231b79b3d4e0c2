/**
 * Draws what a terminal showed as an SVG, for the README:
 *
 *   script -qec 'stty cols 100; npm start --silent -- --once' /tmp/session
 *   node scripts/terminal-svg.ts --alerts 5 '$ npm start -- --once' < /tmp/session > docs/images/terminal.svg
 *
 * `--alerts n` keeps the first n alerts and the summary.
 */
import { text as readAll } from 'node:stream/consumers'

interface Style {
  colour?: string
  background?: string
  bold?: boolean
  dim?: boolean
}
interface Run {
  readonly text: string
  readonly style: Style
}

const cell = { width: 8.4, height: 18 }
const margin = 16
const paper = '#14161b'
const ink = '#d6d9e0'
const basic = ['#14161b', '#e05561', '#8cc265', '#d18f52', '#4aa5f0', '#c162de', '#42b3c2', '#d7dae0']
const bright = ['#4f5666', '#ff616e', '#a5e075', '#f0a45d', '#4dc4ff', '#de73ff', '#4cd1e0', '#ffffff']

/** Colour n of the 256 that terminals share: 16 named ones, a cube of 6×6×6, 24 greys. */
function colour256(n: number): string {
  if (n < 16) return (n < 8 ? basic[n] : bright[n - 8])!
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  if (n >= 232) return `#${hex(8 + (n - 232) * 10).repeat(3)}`
  const steps = [0, 95, 135, 175, 215, 255]
  const [red, green, blue] = [Math.floor((n - 16) / 36), Math.floor((n - 16) / 6) % 6, (n - 16) % 6]
  return `#${hex(steps[red]!)}${hex(steps[green]!)}${hex(steps[blue]!)}`
}

/** The style after a "select graphic rendition" sequence (ECMA-48, 8.3.117). */
function styled(before: Style, parameters: readonly number[]): Style {
  let style: Style = { ...before }
  for (let i = 0; i < parameters.length; i++) {
    const code = parameters[i]!
    if (code === 0) style = {}
    else if (code === 1) style.bold = true
    else if (code === 2) style.dim = true
    else if (code === 22) style = { ...style, bold: false, dim: false }
    else if (code === 39) delete style.colour
    else if (code === 49) delete style.background
    else if (code >= 30 && code <= 37) style.colour = basic[code - 30]!
    else if (code >= 90 && code <= 97) style.colour = bright[code - 90]!
    else if ((code === 38 || code === 48) && parameters[i + 1] === 5) {
      style[code === 38 ? 'colour' : 'background'] = colour256(parameters[i + 2]!)
      i += 2
    }
  }
  return style
}

/** The lines as they stood at the end: a line that was erased or written over leaves no trace. */
function linesOf(session: string): Run[][] {
  let style: Style = {}
  return session
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => !/^Script (started|done) /.test(line))
    .map((line) => {
      let runs: Run[] = []
      const written = line.slice(line.lastIndexOf('\r') + 1)
      for (const [, sequence, end, text] of written.matchAll(sequences)) {
        if (text !== undefined) runs.push({ text, style })
        else if (end === 'm') style = styled(style, (sequence || '0').split(';').map(Number))
        else if (end === 'K') runs = []
      }
      return runs
    })
}

/** `ESC [ parameters letter`, or text up to the next one. */
const sequences = new RegExp(String.raw`\x1B\[([\d;?]*)([A-Za-z])|([^\x1B]+)`, 'g')

/** Columns of a text, as long as it has no wide characters. */
const widthOf = (text: string) => Array.from(text).length

const plain = (line: readonly Run[]) => line.map((run) => run.text).join('')

/** The first `count` alerts, which blank lines separate, and all from the rule above the summary on. */
function shorten(lines: readonly Run[][], count: number): Run[][] {
  const summary = lines.findIndex((line) => plain(line).startsWith('────'))
  const ends = lines.flatMap((line, n) => (plain(line).trim() === '' ? [n] : []))
  const end = ends[count - 1] ?? summary
  return [...lines.slice(0, end), [], [{ text: '…', style: { dim: true } }], [], ...lines.slice(summary)]
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function drawLine(runs: readonly Run[], row: number): string {
  const top = margin + row * cell.height
  let column = 0
  return runs
    .map(({ text, style }) => {
      const x = (margin + column * cell.width).toFixed(1)
      const width = (widthOf(text) * cell.width).toFixed(1)
      column += widthOf(text)
      const look = [
        `fill="${style.colour ?? ink}"`,
        ...(style.bold ? ['font-weight="bold"'] : []),
        ...(style.dim ? ['opacity="0.6"'] : []),
      ].join(' ')
      const back = style.background
        ? `<rect x="${x}" y="${top}" width="${width}" height="${cell.height}" fill="${style.background}"/>`
        : ''
      if (text.trim() === '') return back
      return `${back}<text x="${x}" y="${top + 13}" textLength="${width}" ${look}>${escaped(text)}</text>`
    })
    .join('')
}

function draw(lines: readonly Run[][]): string {
  const columns = Math.max(...lines.map((line) => widthOf(plain(line))))
  const width = Math.ceil(columns * cell.width + 2 * margin)
  const height = lines.length * cell.height + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Alerts on a terminal">
<rect width="100%" height="100%" rx="8" fill="${paper}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${lines.map(drawLine).filter(Boolean).join('\n')}
</g>
</svg>
`
}

const options = process.argv.slice(2)
const alerts = options[0] === '--alerts' ? Number(options.splice(0, 2)[1]) : undefined
const [prompt] = options
const shown = linesOf(await readAll(process.stdin))
const kept = alerts === undefined ? shown : shorten(shown, alerts)
while (plain(kept.at(-1) ?? []).trim() === '' && kept.length > 0) kept.pop()
process.stdout.write(draw(prompt === undefined ? kept : [[{ text: prompt, style: { bold: true } }], [], ...kept]))
