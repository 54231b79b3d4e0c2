import { performance } from 'node:perf_hooks'
import { join } from 'node:path'
import { type Load, bareThreads, loadsOf } from './loads.ts'
import { median, rounded } from './measure.ts'
import { type Passage, type Pipeline, openPipeline } from './pipeline.ts'
import { type Row, atLeast } from './row.ts'

/** 40 rules, with the 14 of the quickstart. */
export const library = ['okta/*', 'kubernetes/*', 'osquery/*', 'aws/aws-s3*', 'aws/aws-console-login-guessing']
const workers = [1, 2] as const

/** Speed of the floor, and of the pipeline with each number of workers, as bytes by millisecond: one figure a round. */
interface Speeds {
  readonly load: string
  readonly floor: readonly number[]
  /** Of two threads that only decompress and parse; for compressed files. */
  readonly bare: readonly number[]
  readonly pipelines: readonly {
    readonly workers: number
    readonly speeds: readonly number[]
    readonly passages: readonly Passage[]
  }[]
}

/**
 * The whole engine at full load. Floor and engines take turns, round after round, so that a machine that slows down slows all of
 * them; engines have passed two loads before, so that their code is compiled.
 */
export async function throughput(folder: string, bytes: number, rounds: number): Promise<Row[]> {
  const loads = loadsOf(bytes)
  const pipelines = new Map<number, Pipeline>()
  for (const count of workers) {
    pipelines.set(count, await openPipeline(join(folder, `workers-${count}`), { workers: count, library }))
  }
  const rows: Row[] = []
  for (const load of loads) {
    const isFiles = load === loads[2]
    const bare = isFiles ? bareThreads(load, 2) : undefined
    const speeds = await speedsOf(load, { pipelines, bare, rounds })
    await bare?.stop()
    rows.push(...rowsOf(speeds, isFiles))
    if (isFiles) rows.push(againstBare(speeds))
    process.stderr.write(`${load.name}: measured\n`)
  }
  for (const pipeline of pipelines.values()) await pipeline.stop()
  return rows
}

interface Runners {
  readonly pipelines: ReadonlyMap<number, Pipeline>
  readonly bare: { run(): Promise<void> } | undefined
  readonly rounds: number
}

async function speedsOf(load: Load, { pipelines, bare, rounds }: Runners): Promise<Speeds> {
  const floors: number[] = []
  const bares: number[] = []
  const timed = async (work: () => unknown) => {
    const start = performance.now()
    await work()
    return load.bytes / (performance.now() - start)
  }
  const found = workers.map((count) => ({ workers: count, speeds: [] as number[], passages: [] as Passage[] }))
  for (let round = -2; round < rounds; round++) {
    const floor = await timed(load.floor)
    const bareSpeed = bare && (await timed(bare.run))
    if (round >= 0) floors.push(floor)
    if (round >= 0 && bareSpeed !== undefined) bares.push(bareSpeed)
    for (const { workers: count, speeds, passages } of found) {
      const passage = await pipelines.get(count)!.pass(load.files)
      if (round < 0) continue
      speeds.push(passage.bytes / passage.ms)
      passages.push(passage)
    }
  }
  return { load: load.name, floor: floors, bare: bares, pipelines: found }
}

const goals: Readonly<Record<number, number>> = { 1: 0.65, 2: 1 }

function rowsOf({ load, floor, pipelines }: Speeds, isFiles: boolean): Row[] {
  const base: Row = { what: `${load}: floor, 1 thread`, value: 1, figure: megabytes(median(floor)) }
  return [
    base,
    ...pipelines.map(({ workers: count, speeds, passages }): Row => {
      const what = `${load}: ${count} ${count === 1 ? 'worker' : 'workers'}`
      const value = median(speeds.map((speed, round) => speed / floor[round]!))
      const figure = `${megabytes(median(speeds))}, ${perSecond(passages)} records/s`
      const bytesPerSecond = Math.round(median(speeds) * 1000)
      const details = { load, workers: count, bytesPerSecond, ...processorTime(passages), alerts: passages[0]!.alerts }
      if (isFiles) return { what, value: rounded(value, 3), figure, details }
      return atLeast(what, goals[count]!, value, figure, details)
    }),
  ]
}

/** Two workers on delivery files, against two threads that do nothing but gunzip and parse. */
function againstBare({ load, bare, pipelines }: Speeds): Row {
  const own = pipelines.find(({ workers: count }) => count === 2)!.speeds
  const value = median(own.map((speed, round) => speed / bare[round]!))
  return atLeast(`${load}: 2 workers to 2 bare threads`, 0.8, value, `bare: ${megabytes(median(bare))}`)
}

const megabytes = (bytesPerMs: number) => `${(bytesPerMs / 1e3).toFixed(0)} MB/s`
const perSecond = (passages: readonly Passage[]) =>
  Math.round(median(passages.map(({ records, ms }) => records / ms)) * 1000)

/** For machines that do other things meanwhile: nanoseconds of processor time per record, all threads and the main one. */
const processorTime = (passages: readonly Passage[]) => ({
  cpuNsPerRecord: Math.round(median(passages.map(({ cpuMs, records }) => (cpuMs * 1e6) / records))),
  mainCpuNsPerRecord: Math.round(median(passages.map(({ mainCpuMs, records }) => (mainCpuMs * 1e6) / records))),
})
