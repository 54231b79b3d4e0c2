import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createAwake } from './awake.ts'
import { createProgress, markJob } from './progress.ts'
import type { StartTransport } from './transport.ts'
import { startWorker } from './worker-handle.ts'

const loaded = { rules: [], schemas: [], framings: {}, sensitive: {}, files: [] }
const limits = { cpuMs: 1_000, idleMs: 10_000, memoryBytes: 1_000 }
const exceptions = { places: [], suspended: [] }
const result = { hits: [], quarantine: [], counts: [], bytes: 0, records: 0 }

/** A worker that sleeps in the middle of a job, for so long on its own clock. */
const sleepy =
  (ms: number): StartTransport =>
  ({ message }) => {
    const progress = createProgress()
    queueMicrotask(() => message({ type: 'ready', ...loaded }))
    return {
      progress,
      exact: true,
      send({ id }) {
        markJob(progress, id)
        void setTimeout(ms).then(() => message({ type: 'done', id, results: [result] }))
      },
      usage: async () => ({ cpu: 0, memory: { 'in the heap': 0 } }),
      hold() {},
      end: async () => {},
    }
  }

test('a process that was frozen for an hour in the middle of a job does not take the job for stuck', async () => {
  let frozen = 0
  const clock = () => performance.now() + frozen
  const worker = await startWorker({ start: sleepy(250), limits, onStray() {}, clock })
  const end = worker.run({ id: 1, frames: [], exceptions, traced: false })
  await setTimeout(120)
  frozen = 3_600_000
  expect(await end).toMatchObject({ kind: 'done' })
})

test('time passes only as fast as it is looked at', () => {
  let at = 5
  const awake = createAwake(() => at, 100)
  at += 40
  expect(awake()).toBe(40)
  at += 3_600_000
  expect(awake()).toBe(140)
  at -= 1_000
  expect(awake()).toBe(140)
})
