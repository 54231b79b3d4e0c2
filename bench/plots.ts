import type { Row } from './row.ts'

const width = 640
const height = 320
const frame = { left: 64, right: 16, top: 40, bottom: 48 }
const inner = { width: width - frame.left - frame.right, height: height - frame.top - frame.bottom }
const colours = ['#7a7a7a', '#2f6fb0', '#14406e'] as const

/** Throughput by load and number of workers, as a share of the floor: bars. */
export function throughputPlot(rows: readonly Row[]): string {
  const measured = rows.filter(({ details }) => details?.['workers'] !== undefined)
  const loads = [...new Set(measured.map(({ details }) => String(details!['load'])))]
  const top = Math.max(1.2, ...measured.map(({ value }) => value * 1.1))
  const group = inner.width / loads.length
  const bar = group / 4.5
  const bars = loads.flatMap((load, n) => {
    const own = measured.filter(({ details }) => details!['load'] === load).map(({ value }) => value)
    return [1, ...own].map((value, at) => {
      const x = frame.left + n * group + group / 8 + at * bar
      const y = yOf(value / top)
      const label = text(x + bar * 0.45, y - 6, value.toFixed(2), 'middle')
      return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(bar * 0.9).toFixed(1)}" height="${(frame.top + inner.height - y).toFixed(1)}" fill="${colours[at] ?? colours[2]}"/>${label}`
    })
  })
  const names = loads.map((load, n) => text(frame.left + (n + 0.5) * group, height - 28, load, 'middle'))
  const legend = ['split + JSON.parse (with gunzip) on one thread', '1 worker', '2 workers'].map((name, n) =>
    legendOf(name, colours[n]!, [64, 370, 460][n]!),
  )
  return svg('Throughput of the whole pipeline, as a share of the floor', [
    ...axis(top, (y) => y.toFixed(1)),
    ...bars,
    ...names,
    ...legend,
  ])
}

/** Processor time of a record by the number of rules: lines, the number of rules on a logarithmic scale. */
export function rulesPlot(rows: readonly Row[]): string {
  const series = rows.flatMap(({ details, what }) => {
    const times = what.startsWith('rules') ? details?.['nsPerRecord'] : undefined
    if (times === undefined) return []
    const points = Object.entries(times as Record<string, number>).map(
      ([count, ns]) => [Number(count), ns / 1000] as const,
    )
    return [{ name: what.includes('where') ? '`where`: declared conditions' : '`match`: functions', points }]
  })
  const top = Math.max(1, ...series.flatMap(({ points }) => points.map(([, time]) => time))) * 1.1
  const xOf = (count: number) => frame.left + (Math.log10(Math.max(count, 1)) / Math.log10(3000)) * inner.width
  const lines = series.flatMap(({ points }, n) => {
    const colour = colours[n + 1]!
    const all = points.map(([count, time]) => `${xOf(count).toFixed(1)},${yOf(time / top).toFixed(1)}`)
    const dots = all.map((at) => `<circle cx="${at.split(',')[0]}" cy="${at.split(',')[1]}" r="3.5" fill="${colour}"/>`)
    return [`<polyline points="${all.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...dots]
  })
  const marks = [1, 10, 100, 300, 1000, 3000].map((count) => text(xOf(count), height - 28, String(count), 'middle'))
  const legend = series.map(({ name }, n) => legendOf(name, colours[n + 1]!, 64 + n * 240))
  return svg('Processor time of a record by the number of rules on its log type, µs', [
    ...axis(top, (y) => y.toFixed(0)),
    ...lines,
    ...marks,
    ...legend,
  ])
}

const yOf = (share: number) => frame.top + inner.height * (1 - share)

function axis(top: number, label: (value: number) => string): string[] {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const y = yOf(share)
    return [
      `<line x1="${frame.left}" x2="${width - frame.right}" y1="${y}" y2="${y}" stroke="#ddd"/>`,
      text(frame.left - 8, y + 4, label(top * share), 'end'),
    ]
  })
}

const legendOf = (name: string, colour: string, x: number) =>
  `<rect x="${x}" y="${height - 18}" width="10" height="10" fill="${colour}"/>${text(x + 15, height - 9, name, 'start')}`

const text = (x: number, y: number, words: string, anchor: string) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words}</text>`

const svg = (title: string, parts: readonly string[]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${text(frame.left, 22, title, 'start').replace('<text', '<text font-size="14"')}
${parts.join('\n')}
</svg>
`
