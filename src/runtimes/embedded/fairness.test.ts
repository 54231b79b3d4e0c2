import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { createIngest } from '../../core/ingest/index.ts'
import type { Delivery, Frame, FrameResult, PullSource } from '../../core/contracts/index.ts'
import { codeOf, loadProject } from '../../project/index.ts'
import { createMemoryStore } from '../../stores/memory.ts'
import { appProject, recordLine, removeFolder, ruleText } from './fixture.ts'
import { startPool } from '../workers/pool.ts'
import { projectWorker } from './project-worker.ts'
import { readSource } from './read-source.ts'
import { createTurns } from '../workers/turns.ts'

const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

const frameOf = (source: string, n: number): Frame => ({
  ...{ source, cluster: 'prod', origin: `${n}`, offset: 0, receivedAt: 0, mode: 'live', encoded: true },
  bytes: new TextEncoder().encode(recordLine(n)),
})

test('a source with one job among hundreds of another is served after the next', async () => {
  const dir = appProject({ each: ruleText('each', 'return true') })
  folders.push(dir)
  const project = await loadProject(dir)
  const code = codeOf(project)
  const pool = await startPool({
    ...projectWorker({
      ...{ isolation: 'thread', maxBodyBytes: 1_048_576, onOutput: () => {}, onStray: () => {} },
      limits: { cpuMs: 1_000, idleMs: 10_000, memoryBytes: 256 * 1_048_576 },
      code: { ...code, sources: ['file:flood', 'file:quiet'].map((name) => ({ name, place: {} })), everyOutput: [] },
    }),
    count: 1,
    modes: () => ({ staged: new Set(), promoted: new Set() }),
  })
  const ended: string[] = []
  const run = async (source: string, n: number) => {
    const [result] = await pool.evaluate([frameOf(source, n)])
    ended.push(source)
    return result!.hits.length
  }
  const flood = Array.from({ length: 200 }, (_, n) => run('file:flood', n))
  expect(await run('file:quiet', 1)).toBe(1)
  // The job that was running, and the one whose turn it was.
  expect(ended.indexOf('file:quiet')).toBeLessThanOrEqual(2)
  await Promise.all(flood)
  await pool.close()
})

/** A source of text, as fast as it is asked, and how many batches of it were given and settled. */
function floodOf(name: string, bytes: number, perBatch = 1) {
  const given = { batches: 0, settled: 0 }
  const body = new Uint8Array(bytes).fill(10)
  async function* read({ signal }: { readonly signal: AbortSignal }) {
    while (!signal.aborted) {
      const batch = given.batches++
      const deliveries = Array.from({ length: perBatch }, (_, n): Delivery => {
        const origin = `${name} ${batch} ${n}`
        return { id: origin, source: name, receivedAt: 0, origin, size: bytes, body: () => once(body) }
      })
      yield { deliveries, settle: async () => void given.settled++ }
    }
  }
  return { given, source: { read } satisfies PullSource }
}

async function* once(body: Uint8Array) {
  yield body
}

/** An engine whose workers end a job when they are told. `held`: bytes of jobs under way. */
function slowEngine({ workers, budget }: { readonly workers: number; readonly budget: number }) {
  const { take, give } = createTurns(Array.from({ length: workers }, (_, n) => n))
  const running: { readonly source: string; readonly end: () => void }[] = []
  const seen = { held: 0, most: 0 }
  async function evaluate(frames: readonly Frame[]): Promise<readonly FrameResult[]> {
    const bytes = frames.reduce((sum, frame) => sum + frame.bytes.byteLength, 0)
    seen.held += bytes
    seen.most = Math.max(seen.most, seen.held)
    const { source } = frames[0]!
    const place = await take(source)
    await new Promise<void>((end) => running.push({ source, end }))
    give(place)
    seen.held -= bytes
    return frames.map(() => ({ hits: [], quarantine: [], counts: [], bytes: 0, records: 1 }))
  }
  const ingest = createIngest(
    {
      ...{ store: createMemoryStore(), evaluator: { evaluate }, decoders: [], clusters: new Map() },
      ...{ framings: () => new Set(), now: () => 0, log: () => {}, hash: (text) => hash('sha256', text) },
    },
    { concurrency: workers * 2, budget },
  )
  return {
    seen,
    ingest,
    /** Ends one job; answers whose it was. */
    async work(): Promise<string | undefined> {
      await settled()
      const job = running.shift()
      job?.end()
      await settled()
      return job?.source
    },
  }
}

/** Lets everything happen that does not wait for a job. */
const settled = async () => {
  for (let n = 0; n < 50; n++) await setImmediate()
}

function readAll(sources: ReadonlyMap<string, PullSource>, { ingest }: ReturnType<typeof slowEngine>) {
  const ended = new AbortController()
  const app = { ingest, dispatch: async () => ({}) }
  const readers = [...sources].map(([name, source]) =>
    readSource({ name, source, app, once: false, signal: ended.signal, log: () => {}, random: () => 0 }),
  )
  return async (work: () => Promise<unknown>) => {
    ended.abort()
    while (!readers.every((reader) => reader.idle())) await work()
    await Promise.all(readers.map((reader) => reader.ended))
  }
}

test('what is under way stays within its bound at ten times what the engine takes, and every source goes on', async () => {
  const [bytes, budget] = [1_048_576, 12_000_000]
  const floods = Array.from({ length: 10 }, (_, n) => floodOf(`test:${n}`, bytes, 5))
  const engine = slowEngine({ workers: 2, budget })
  const stop = readAll(new Map(floods.map(({ source }, n) => [`test:${n}`, source])), engine)
  const served: (string | undefined)[] = []
  // Each source alone would keep the engine busy: ten of them are ten times too many.
  while (served.length < 200) served.push(await engine.work())
  // Two readings of each source may go on with one job beyond the budget.
  expect(engine.seen.most).toBeLessThanOrEqual(budget + 2 * floods.length * bytes)
  expect(engine.seen.most).toBeGreaterThanOrEqual(budget)
  const inFlight = floods.map(({ given }) => given.batches - given.settled)
  // Two batches of each source are under way, and one is ready.
  expect(Math.max(...inFlight)).toBeLessThanOrEqual(3)
  const turns = floods.map((_, n) => served.filter((name) => name === `test:${n}`).length)
  expect(Math.min(...turns)).toBeGreaterThanOrEqual(15)
  await stop(engine.work)
})

test('the quiet source next to a flood waits for a bounded number of jobs', async () => {
  const flood = floodOf('test:flood', 1_000_000, 5)
  const engine = slowEngine({ workers: 2, budget: 100_000_000 })
  let come = () => {}
  const came = new Promise<void>((resolve) => (come = resolve))
  const quiet = floodOf('test:quiet', 10)
  async function* read({ signal }: { readonly signal: AbortSignal }) {
    for await (const batch of quiet.source.read({ signal })) {
      await came
      yield batch
      return
    }
  }
  const stop = readAll(
    new Map<string, PullSource>([
      ['test:flood', flood.source],
      ['test:quiet', { read }],
    ]),
    engine,
  )
  for (let n = 0; n < 20; n++) expect(await engine.work()).toBe('test:flood')
  come()
  const next = [await engine.work(), await engine.work(), await engine.work(), await engine.work()]
  expect(next).toContain('test:quiet')
  expect(quiet.given.settled).toBe(1)
  await stop(engine.work)
})
