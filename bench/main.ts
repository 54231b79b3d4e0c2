/**
 * How fast the engine is, as ratios to the least that must be done with the same bytes on one thread, in the same run.
 *
 *   npm run bench              all rows, three rounds after one to warm up
 *   npm run bench -- --quick   small loads, one round: shows that it runs
 *
 * Writes bench/results/<date>.json.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { gunzipAndParse, splitAndParse } from './floor.ts'
import { machine, median, rounded } from './measure.ts'
import { mixedLines } from './mixed.ts'
import { type Load, runPipeline, writeProject } from './pipeline.ts'
import { cloudTrailFiles, cloudTrailLines } from './records.ts'

interface Row {
  readonly name: string
  readonly bytes: number
  /** The row whose speed this one is compared with. */
  readonly floor: string
  /** Milliseconds, and what came out. */
  run(): Promise<{ ms: number; records: number; alerts?: number }>
}

interface Result {
  readonly name: string
  readonly megabytesPerSecond: number
  readonly recordsPerSecond: number
  readonly ratio: number
  readonly alerts?: number
  readonly milliseconds: readonly number[]
}

const quick = process.argv.includes('--quick')
const megabytes = (n: number) => n * 1e6
const size = megabytes(quick ? 4 : 100)
const rounds = quick ? 1 : 3

/** What else the machine was doing before: figures of a busy one are worth little. */
const loadBefore = loadavg()[0]

const scratch = mkdtempSync(join(tmpdir(), 'streamalert-bench-'))
try {
  const results = await measure(rowsOf(scratch))
  show(results)
  if (!quick) save(results)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
await import('./delivery.bench.ts')

function rowsOf(folder: string): Row[] {
  const lines = cloudTrailLines(size)
  const mixed = mixedLines(size)
  const { raw, files } = cloudTrailFiles(size)
  const loads: readonly Load[] = [
    { name: 'CloudTrail lines', bytes: lines.length, files: new Map([['events.log', lines]]) },
    {
      name: 'CloudTrail delivery files, gzip',
      bytes: raw,
      files: new Map(files.map((file, n) => [`${String(n).padStart(5, '0')}.json.gz`, file])),
    },
    { name: 'eight log types, mixed', bytes: mixed.length, files: new Map([['mixed.log', mixed]]) },
  ]
  const floors: readonly [run: () => number, what: string][] = [
    [() => splitAndParse(lines), 'split + JSON.parse'],
    [() => gunzipAndParse(files), 'gunzip + JSON.parse'],
    [() => splitAndParse(mixed), 'split + JSON.parse'],
  ]
  return loads.flatMap((load, n) => {
    const [floor, what] = floors[n]!
    const name = `${load.name}: ${what}, 1 thread`
    const dir = join(folder, String(n))
    writeProject(dir, load)
    const pipeline = (workers: number): Row => ({
      name: `${load.name}: pipeline, ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
      bytes: load.bytes,
      floor: name,
      run: () => runPipeline(dir, workers),
    })
    return [{ name, bytes: load.bytes, floor: name, run: async () => timed(floor) }, pipeline(1), pipeline(2)]
  })
}

function timed(work: () => number): { ms: number; records: number } {
  const start = performance.now()
  const records = work()
  return { ms: performance.now() - start, records }
}

/** All rows in turn, again and again: a machine that slows down slows all of them. The first round warms up and is not counted. */
async function measure(rows: readonly Row[]): Promise<Result[]> {
  const runs = new Map<Row, Awaited<ReturnType<Row['run']>>[]>(rows.map((row) => [row, []]))
  for (let round = quick ? 1 : 0; round <= rounds; round++) {
    for (const row of rows) {
      const run = await row.run()
      if (round > 0) runs.get(row)!.push(run)
    }
    process.stderr.write(`round ${round} of ${rounds}\n`)
  }
  const speed = (row: Row) => row.bytes / 1e3 / median(runs.get(row)!.map(({ ms }) => ms))
  return rows.map((row) => {
    const own = runs.get(row)!
    const { records, alerts } = own[0]!
    const floor = rows.find(({ name }) => name === row.floor)!
    return {
      name: row.name,
      megabytesPerSecond: rounded(speed(row), 1),
      recordsPerSecond: Math.round((records / median(own.map(({ ms }) => ms))) * 1000),
      ratio: rounded(speed(row) / speed(floor), 2),
      ...(alerts !== undefined && { alerts }),
      milliseconds: own.map(({ ms }) => Math.round(ms)),
    }
  })
}

function show(results: readonly Result[]): void {
  const lines = results.map(({ name, megabytesPerSecond, recordsPerSecond, ratio, alerts }) => {
    const numbers = [megabytesPerSecond.toFixed(1), String(recordsPerSecond), ratio.toFixed(2), String(alerts ?? '')]
    return `${name.padEnd(66)}${numbers.map((text) => text.padStart(11)).join('')}`
  })
  const head = `${''.padEnd(66)}${['MB/s', 'records/s', 'ratio', 'alerts'].map((text) => text.padStart(11)).join('')}`
  process.stdout.write(`${[head, ...lines].join('\n')}\n`)
}

function save(results: readonly Result[]): void {
  const date = new Date().toISOString()
  const file = join(import.meta.dirname, 'results', `${date.slice(0, 10)}.json`)
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(
    file,
    `${JSON.stringify({ date, machine: { ...machine(), load: loadBefore }, rounds, results }, null, 2)}\n`,
  )
  process.stdout.write(`\nWritten to ${file}\n`)
}
