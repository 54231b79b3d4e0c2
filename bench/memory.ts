/**
 * How much memory the engine takes at full load with two workers, and whether that grows. In a process of its own, which holds
 * nothing but the engine and one file of logs, made elsewhere: `node bench/memory.ts SECONDS FILE` prints what was seen as JSON.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { median } from './measure.ts'
import { openPipeline } from './pipeline.ts'
import { cloudTrailLines } from './records.ts'
import { type Row, atMost } from './row.ts'

/** Resident memory, a sample each quarter of a second, bytes. */
type Samples = readonly number[]

export async function memoryRows(seconds: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-bench-memory-'))
  const file = join(folder, 'events.log')
  writeFileSync(file, cloudTrailLines(20_000_000))
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, String(seconds), file])
  rmSync(folder, { recursive: true, force: true })
  const samples = JSON.parse(stdout) as Samples
  const third = Math.floor(samples.length / 3)
  const [middle, last] = [median(samples.slice(third, 2 * third)), median(samples.slice(2 * third))]
  const megabytes = (bytes: number) => Math.round(bytes / 1e6)
  const figure = `${seconds} s; median of the middle third ${megabytes(middle)} MB, of the last ${megabytes(last)} MB`
  return [
    atMost('memory at full load, 2 workers, at most', 500, megabytes(Math.max(...samples)), figure, ' MB'),
    atMost('memory: last third of the time to the middle one', 1.1, last / middle, ''),
  ]
}

async function sample(seconds: number, file: string): Promise<Samples> {
  const pipeline = await openPipeline(join(dirname(file), 'project'), { workers: 2, library: ['aws/*'] })
  const files = new Map([['events.log', file]])
  const samples: number[] = []
  const timer = setInterval(() => samples.push(process.memoryUsage.rss()), 250)
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) await pipeline.pass(files)
  clearInterval(timer)
  await pipeline.stop()
  return samples
}

if (import.meta.main) {
  const [, , seconds, file] = process.argv
  if (file === undefined) throw new Error('Usage: node bench/memory.ts SECONDS FILE')
  process.stdout.write(JSON.stringify(await sample(Number(seconds), file)))
}
