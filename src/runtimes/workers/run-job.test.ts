import { expect, test } from 'vitest'
import type { Frame } from '../../core/contracts/index.ts'
import { runJob } from './run-job.ts'
import { createStrikes } from './strikes.ts'
import type { JobEnd, WorkerHandle } from './worker-handle.ts'

const frame = (origin: string): Frame => ({
  source: 'http:agents',
  cluster: 'prod',
  origin,
  offset: 0,
  receivedAt: 1,
  mode: 'live',
  bytes: new Uint8Array([1, 2, 3]),
  encoded: true,
})
const nothing = { hits: [], quarantine: [], counts: [], bytes: 0, records: 0 }

/** A worker that breaks while it decodes the first frame, as long as that has bytes. */
const worker: WorkerHandle = {
  loaded: { rules: [], schemas: [], framings: {}, sensitive: {}, files: [] },
  alive: () => true,
  async run({ frames }): Promise<JobEnd> {
    const place = { job: 1, frame: 0, phase: 'decoding', item: 0, rule: 0 } as const
    return frames[0]!.bytes.byteLength > 0
      ? { kind: 'broke', why: 'memory', message: 'Too much.', place, exact: true }
      : { kind: 'done', results: frames.map(() => nothing) }
  },
  stop: async () => {},
}
const runner = (handle: WorkerHandle) => ({
  worker: async () => handle,
  strikes: createStrikes(),
  now: () => 0,
  nextId: () => 1,
})
const run = (...origins: string[]) => runJob(origins.map(frame), runner(worker))

test('a body that breaks the worker is kept whole, under an id like all others, and costs its neighbour nothing', async () => {
  const [broken, sound] = await run('spool/1', 'spool/2')
  expect(broken!.quarantine).toMatchObject([{ reason: 'BODY_DAMAGED', position: 'spool/1#0', raw: frame('').bytes }])
  expect(broken!.quarantine[0]!.id).toMatch(/^[0-9a-f]{32}$/)
  expect(sound).toEqual(nothing)
})

test('the same body has the same id, another has its own', async () => {
  const idOf = async (origin: string) => (await run(origin))[0]!.quarantine[0]!.id
  expect(await idOf('spool/1')).toBe(await idOf('spool/1'))
  expect(await idOf('spool/1')).not.toBe(await idOf('spool/3'))
})

test('a stretch with more results than the worker can hand over is kept whole, and read past; its neighbours are not held up', async () => {
  const plain = (origin: string, size: number): Frame => ({
    ...frame(origin),
    bytes: new Uint8Array(size),
    encoded: false,
  })
  const place = { job: 1, frame: 0, phase: 'idle', item: 0, rule: 0 } as const
  const full: WorkerHandle = {
    ...worker,
    run: async ({ frames }) =>
      frames.some(({ bytes }) => bytes.byteLength > 9)
        ? { kind: 'broke', why: 'timeout', message: 'Silent.', place, exact: true }
        : { kind: 'done', results: frames.map(() => nothing) },
  }
  const results = await runJob([plain('a', 5), plain('b', 10), plain('c', 5)], runner(full))
  expect(results).toMatchObject([
    nothing,
    { quarantine: [{ reason: 'BODY_DAMAGED', position: 'b#0' }], bytes: 10 },
    nothing,
  ])
})

test('a worker that breaks without anything to do cannot run at all', async () => {
  const place = { job: 1, frame: 0, phase: 'idle', item: 0, rule: 0 } as const
  const never: WorkerHandle = {
    ...worker,
    run: async () => ({ kind: 'broke', why: 'crash', message: 'Gone.', place, exact: true }),
  }
  await expect(runJob([frame('a')], runner(never))).rejects.toMatchObject({ code: 'WORKER_FAILED' })
})
