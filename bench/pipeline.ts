import { copyFileSync, cpSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { stringify } from 'yaml'
import type { FrameResult } from '../src/core/contracts/index.ts'
import { startEngine } from '../src/runtimes/embedded/engine.ts'

/** Files of logs, by path: what they hold, or a file to copy. */
export type Files = ReadonlyMap<string, Uint8Array | string>

/** What one stretch of logs took. Processor time is that of all threads; of the main thread apart. Milliseconds. */
export interface Passage {
  readonly ms: number
  readonly cpuMs: number
  readonly mainCpuMs: number
  readonly bytes: number
  readonly records: number
  readonly alerts: number
}

/** A running engine with nothing to do. */
export interface Pipeline {
  /** Puts files where the engine reads, and waits until all their records are durable. */
  pass(files: Files): Promise<Passage>
  stop(): Promise<void>
}

export interface PipelineOptions {
  readonly workers: number
  /** Rules of the library, beside those of the quickstart. */
  readonly library: readonly string[]
  /** A rule (TypeScript) of its own whose alerts go to `webhook:probe` at this address. */
  readonly probe?: { readonly rule: string; readonly url: string }
}

/**
 * Starts the whole engine on an empty project with the rules of the quickstart: read, decode, split, classify among all built-in
 * schemas, normalise, rules, durable alerts, alerts delivered to a file.
 */
export async function openPipeline(dir: string, { workers, library, probe }: PipelineOptions): Promise<Pipeline> {
  const configuration = {
    clusters: { prod: {}, pci: {}, office: {} },
    sources: { file: { logs: { cluster: 'prod', paths: ['logs/**/*'], settle: '1ms' } } },
    outputs: {
      file: { alerts: { path: 'alerts.jsonl' } },
      ...(probe && { webhook: { probe: { url: probe.url } } }),
    },
    defaults: { outputs: ['file:alerts'] },
    library,
    terminal: false,
    workers: { count: workers },
  }
  writeProject(dir, configuration)
  if (probe) writeFileSync(join(dir, 'rules/probe.ts'), probe.rule)
  let heard: (alerts: number, results: readonly FrameResult[]) => void = () => {}
  const engine = await startEngine({
    projectDir: dir,
    once: false,
    screen: { colour: false, columns: 80, write: () => {} },
    env: {},
    events: {
      committed: ({ alerts }, results) => heard(alerts.length, results),
      log(line) {
        if (line.level === 'error') throw new Error(line.message)
      },
    },
  })
  let round = 0
  return {
    async pass(files) {
      const total = await place(dir, ++round, files)
      const passage = await new Promise<Passage>((resolve) => {
        heard = follow(total, resolve)
      })
      heard = () => {}
      rmSync(join(dir, 'logs', String(round)), { recursive: true, force: true })
      return passage
    },
    stop: () => engine.stop(),
  }
}

function writeProject(dir: string, configuration: object): void {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(join(dir, 'logs'), { recursive: true })
  const quickstart = join(import.meta.dirname, '../examples/quickstart')
  for (const folder of ['rules', 'schemas', 'lib'])
    cpSync(join(quickstart, folder), join(dir, folder), { recursive: true })
  writeFileSync(join(dir, 'streamalert.yaml'), stringify(configuration))
}

/** Written apart and moved, so that the engine finds whole files. Answers their bytes after decompression. */
async function place(dir: string, round: number, files: Files): Promise<number> {
  const apart = join(dir, 'apart')
  let total = 0
  for (const [path, content] of files) {
    const file = join(apart, path)
    mkdirSync(dirname(file), { recursive: true })
    if (typeof content === 'string') copyFileSync(content, file)
    else writeFileSync(file, content)
    total += typeof content === 'string' || !path.endsWith('.gz') ? statSync(file).size : sizeOfGzip(content)
  }
  renameSync(apart, join(dir, 'logs', String(round)))
  return total
}

/** The last four bytes: the size of what is inside (RFC 1952). */
const sizeOfGzip = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true)

/**
 * Measures from the first commit on, whose bytes do not count: files have been found then, and all threads are busy. Only a load
 * that is one commit is measured from now.
 */
function follow(total: number, end: (passage: Passage) => void) {
  let seen = 0
  let bytes = 0
  let records = 0
  let alerts = 0
  let first = true
  let started = performance.now()
  let cpu = process.cpuUsage()
  let mainCpu = process.threadCpuUsage()
  return (raised: number, results: readonly FrameResult[]) => {
    const took = results.reduce((sum, result) => sum + result.bytes, 0)
    if (took === 0) return
    seen += took
    alerts += raised
    if (first && seen < total) {
      started = performance.now()
      cpu = process.cpuUsage()
      mainCpu = process.threadCpuUsage()
    } else {
      bytes += took
      records += results.reduce((sum, result) => sum + result.records, 0)
    }
    first = false
    if (seen < total) return
    const ms = performance.now() - started
    const milliseconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000
    const cpuMs = milliseconds(process.cpuUsage(cpu))
    end({ ms, cpuMs, mainCpuMs: milliseconds(process.threadCpuUsage(mainCpu)), bytes, records, alerts })
  }
}
