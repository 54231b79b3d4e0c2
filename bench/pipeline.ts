import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { stringify } from 'yaml'
import { startEngine } from '../src/runtimes/embedded/engine.ts'
import { openSqliteStore } from '../src/stores/sqlite/index.ts'

/** A project for one measurement: its folder, and how many records its logs hold. */
export interface Load {
  readonly name: string
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Bytes of all files after decompression. */
  readonly bytes: number
}

/** Writes the files of a load and a project around them, with the rules of the quickstart. */
export function writeProject(dir: string, load: Load): void {
  rmSync(dir, { recursive: true, force: true })
  for (const [path, bytes] of load.files) {
    const file = join(dir, 'logs', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  const quickstart = join(import.meta.dirname, '../examples/quickstart')
  for (const folder of ['rules', 'schemas', 'lib'])
    cpSync(join(quickstart, folder), join(dir, folder), { recursive: true })
}

/**
 * Runs the whole engine over the project, from an empty state to the last alert delivered to a file: read, decode, split,
 * classify among all built-in schemas, normalise, rules, durable alerts. Workers start before the clock does.
 */
export async function runPipeline(
  dir: string,
  workers: number,
): Promise<{ ms: number; records: number; alerts: number }> {
  rmSync(join(dir, '.streamalert'), { recursive: true, force: true })
  rmSync(join(dir, 'alerts.jsonl'), { force: true })
  const configuration = {
    clusters: { prod: {}, pci: {}, office: {} },
    sources: { file: { logs: { cluster: 'prod', paths: ['logs/**/*'], settle: '1ms' } } },
    outputs: { file: { alerts: { path: 'alerts.jsonl' } } },
    defaults: { outputs: ['file:alerts'] },
    terminal: false,
    workers: { count: workers },
  }
  writeFileSync(join(dir, 'streamalert.yaml'), stringify(configuration))
  let started = 0
  let alerts = 0
  const engine = await startEngine({
    projectDir: dir,
    once: true,
    screen: { colour: false, columns: 80, write: () => {} },
    env: {},
    events: {
      started: () => (started = performance.now()),
      committed: (committed) => (alerts += committed.alerts.length),
      log: (line) => {
        if (line.level === 'error') throw new Error(line.message)
      },
    },
  })
  await engine.finished
  return { ms: performance.now() - started, records: await countRecords(dir), alerts }
}

/** How many records the engine classified, by its own counters. */
async function countRecords(dir: string): Promise<number> {
  const store = openSqliteStore(join(dir, '.streamalert/state.db'))
  try {
    const counts = await store.counts('records')
    return counts.reduce((sum, { n }) => sum + n, 0)
  } finally {
    await store.close()
  }
}
