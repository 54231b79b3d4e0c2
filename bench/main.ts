/**
 * How fast the engine is, as ratios to the least that must be done with the same bytes on one thread, in the same run: the table
 * of goals, with what was reached.
 *
 *   npm run bench                    all rows; about a quarter of an hour, on a machine that does nothing else
 *   npm run bench -- --quick         small loads, one round: shows that it runs
 *   npm run bench -- --minutes 10    how long memory is watched (default: 1)
 *   npm run bench -- --compare REV   this state and another revision, in turn
 *
 * Writes bench/results/<date>.json and the plots docs/images/bench-*.svg.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { compare } from './compare.ts'
import { latencyRows } from './latency.ts'
import { machine } from './measure.ts'
import { memoryRows } from './memory.ts'
import { rulesPlot, throughputPlot } from './plots.ts'
import { type Row, table } from './row.ts'
import { rulesRows } from './rules.ts'
import { schemasRows } from './schemas.ts'
import { startRows } from './start.ts'
import { throughput } from './throughput.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '1' },
    compare: { type: 'string' },
  },
})
const { quick } = options
// As in the engine, for floors and rows that run in this thread too.
setFlagsFromString('--no-use-osr')

if (options.compare !== undefined) await compare(options.compare, quick)
else {
  await all()
  await import('./delivery.bench.ts')
  await import('./sources.bench.ts')
}

async function all(): Promise<void> {
  /** What else the machine was doing before: figures of a busy one are worth little. */
  const load = loadavg()[0]
  const scratch = mkdtempSync(join(tmpdir(), 'streamalert-bench-'))
  const megabyte = 1e6
  const rounds = quick ? 1 : 5
  try {
    const rows: Row[] = [
      ...(await throughput(scratch, (quick ? 4 : 100) * megabyte, rounds)),
      ...rulesRows((quick ? 0.5 : 8) * megabyte, quick ? 1 : 7),
      ...schemasRows((quick ? 0.5 : 8) * megabyte, quick ? 1 : 9),
      ...(await latencyRows(scratch, { bytes: (quick ? 1 : 20) * megabyte, seconds: quick ? 2 : 30 })),
      ...(await memoryRows(quick ? 2 : Number(options.minutes) * 60)),
      ...(await startRows(scratch, quick ? 1 : 5)),
    ]
    process.stdout.write(`${table(rows)}\n`)
    if (!quick) save(rows, load)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function save(rows: readonly Row[], load: number | undefined): void {
  const date = new Date().toISOString()
  const file = join(import.meta.dirname, 'results', `${date.slice(0, 10)}.json`)
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ date, machine: { ...machine(), load }, rows }, null, 2)}\n`)
  const images = join(import.meta.dirname, '../docs/images')
  writeFileSync(join(images, 'bench-throughput.svg'), throughputPlot(rows))
  writeFileSync(join(images, 'bench-rules.svg'), rulesPlot(rows))
  process.stdout.write(`\nWritten to ${file}\n`)
}
