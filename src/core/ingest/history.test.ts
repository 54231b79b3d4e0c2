import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/index.ts'
import type { Delivery, Frame, LogRecord, Segment, Store } from '../contracts/index.ts'
import { defineRule } from '../rule.ts'
import { app, hostWith } from './fixture.ts'
import { defaultFrameLimits, type FrameLimits } from './frames.ts'
import { createGatherer, hourOf } from './gather.ts'
import { createIngest } from './index.ts'

const seventh = defineRule({
  name: 'seventh',
  description: 'A record.',
  severity: 'low',
  schemas: [app],
  outputs: ['file:a'],
  match: ({ n }) => n === 7,
})

const compress = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes))
const line = (n: number) => `${JSON.stringify({ at: '2026-03-01T09:59:00Z', n })}\n`

/** What is done is told in `steps`, in its order. `put` may fail. */
function setup(put: () => void = () => {}, limits: Partial<FrameLimits> = {}) {
  const steps: string[] = []
  const kept: Segment[] = []
  const memory = createMemoryStore()
  const store: Store = {
    ...memory,
    async commit(commit) {
      steps.push(`commit ${commit.results.length}, ${commit.state.length} checkpoints`)
      expect(commit.results.every((result) => !('rows' in result))).toBe(true)
      return memory.commit(commit)
    },
  }
  const { host } = hostWith([seventh], app, { compress })
  const ingest = createIngest(
    {
      ...{ ...host, store },
      segments: {
        compress,
        async put(segment) {
          put()
          steps.push('put')
          kept.push(segment)
        },
      },
    },
    { concurrency: 3, limits: { ...defaultFrameLimits, ...limits } },
  )
  return { ingest, store, steps, kept }
}

const delivery = (id: string, text: string, receivedAt: number): Delivery => ({
  ...{ id, source: 'file:app', receivedAt, origin: `${id}.log`, size: text.length },
  async *body() {
    yield new TextEncoder().encode(text)
  },
  checkpoint: (offset) => ({ key: id, value: String(offset) }),
})

const recordsIn = ({ bytes }: Segment) =>
  gunzipSync(bytes)
    .toString()
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as LogRecord)

const ten = Date.UTC(2026, 2, 1, 10, 59)

test('records become durable before anything is acknowledged: one segment for each hour of a batch', async () => {
  const { ingest, steps, kept, store } = setup()
  const deliveries = [
    delivery('a', `${line(1)}{"no":"schema"}\n${line(2)}`, ten),
    delivery('b', line(7), ten),
    delivery('c', line(4), ten + 60_000),
  ]
  expect(await ingest(deliveries)).toEqual({ failed: [] })
  expect(steps).toEqual(['put', 'put', 'commit 3, 3 checkpoints'])
  expect(kept.map((one) => [one.cluster, one.hour, recordsIn(one).length])).toEqual([
    ['prod', '2026-03-01-10', 3],
    ['prod', '2026-03-01-11', 1],
  ])
  const records = kept.flatMap(recordsIn)
  expect(records.map(({ data }) => data['n'])).toEqual([1, 2, 7, 4])
  const [alert] = (await store.alertsAfter(0, 9)).alerts
  const { normalised: _, ...plain } = alert!.record
  expect(records[2]).toEqual(plain)
  // A redelivery is the same, byte for byte.
  await ingest(deliveries.slice(0, 2))
  expect(Buffer.from(kept[2]!.bytes).equals(kept[0]!.bytes)).toBe(true)
})

test('a failed put brings the batch again; its alerts are there, its checkpoints are not', async () => {
  let broken = true
  const { ingest, store, kept } = setup(() => {
    if (broken) throw new Error('no bucket')
  })
  const batch = [delivery('a', line(7), ten), delivery('b', line(1), ten)]
  expect(await ingest(batch)).toEqual({ failed: ['a', 'b'] })
  expect((await store.alertsAfter(0, 9)).alerts).toHaveLength(1)
  expect(await store.get('a')).toBeUndefined()
  broken = false
  expect(await ingest(batch)).toEqual({ failed: [] })
  expect((await store.alertsAfter(0, 9)).alerts).toHaveLength(1)
  expect(kept.flatMap(recordsIn).map(({ data }) => data['n'])).toEqual([7, 1])
})

test('a large delivery goes on behind what is in history, and from where it was when history is down', async () => {
  const text = Array.from({ length: 300 }, (_, n) => line(n)).join('')
  const large: Delivery = {
    ...{ id: 'a', source: 'file:app', receivedAt: ten, origin: 'a.log' },
    async *body() {
      for (let at = 0; at < text.length; at += 1_000) yield new TextEncoder().encode(text.slice(at, at + 1_000))
    },
    checkpoint: (offset) => ({ key: 'a', value: String(offset) }),
  }
  for (const isDown of [false, true]) {
    const { ingest, store, kept } = setup(
      () => {
        if (isDown) throw new Error('no bucket')
      },
      { wholeBody: 100, frame: 1_000, job: 1_000 },
    )
    let asked = 0
    const { failed, resume } = await ingest([large], { isShort: () => ++asked > 4 })
    const records = kept.flatMap(recordsIn)
    expect([isDown, failed, resume === undefined]).toEqual([isDown, isDown ? ['a'] : [], isDown])
    expect(records).toHaveLength(text.slice(0, resume?.cursor ?? 0).split('\n').length - 1)
    expect(await store.get('a')).toBe(resume && String(resume.cursor))
  }
})

const frame = (text: string, more: Partial<Frame> = {}): Frame => ({
  ...{ source: 'file:app', cluster: 'prod', origin: 'a', offset: 0, receivedAt: ten, mode: 'live', encoded: false },
  bytes: new TextEncoder().encode(text),
  ...more,
})

test('frames carry records only when history is on, and only those that are new', () => {
  expect(hostWith([seventh]).evaluate(frame(line(1))).rows).toBeUndefined()
  const { evaluate } = hostWith([seventh], app, { compress })
  expect(evaluate(frame(line(1))).rows).toMatchObject({ compressed: false })
  expect(evaluate(frame('{}\n')).rows).toBeUndefined()
  expect(evaluate(frame(line(1), { mode: 'backtest' })).rows).toBeUndefined()
  const record = JSON.stringify({ id: 'x', schema: 'app:events', data: { n: 7 }, position: 'a#0', time: 1 })
  expect(evaluate(frame(record, { verdictOf: 'seventh' }))).not.toHaveProperty('rows')
  const many = evaluate(frame(line(1).repeat(5_000))).rows!
  expect([many.compressed, many.pieces.length]).toEqual([true, 2])
  expect(gunzipSync(Buffer.concat(many.pieces)).toString().trimEnd().split('\n')).toHaveLength(5_000)
})

test('times that no calendar has are of an hour, too', () => {
  expect([Number.NaN, -5, 1e300].map(hourOf)).toEqual(['1970-01-01-00', '1970-01-01-00', '9999-12-31-00'])
})

test('what one segment cannot hold is several', async () => {
  const puts: Segment[] = []
  const gatherer = createGatherer({ compress, put: async (segment) => void puts.push(segment) })
  const pieces = Array.from({ length: 65 }, () => compress(new TextEncoder().encode('{}\n')))
  const result = { hits: [], quarantine: [], counts: [], bytes: 1, records: 65 }
  gatherer.add(frame(''), { ...result, rows: { pieces, compressed: true } })
  await gatherer.put()
  expect(puts.map(({ bytes }) => gunzipSync(bytes).length)).toEqual([64 * 3, 3])
})
