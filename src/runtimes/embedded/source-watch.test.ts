import { expect, test } from 'vitest'
import type { Count, Delivery, FrameResult, PullSource } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { readSources } from '../../core/health/index.ts'
import { createMemoryStore } from '../../stores/memory.ts'
import { until } from './fixture.ts'
import { createRate } from './rate.ts'
import { readSource } from './read-source.ts'
import { seldom } from './seldom.ts'
import { createSourceWatch, type SourceWatch } from './source-watch.ts'

const result = (source: string, n: number, latest?: number, metric: Count['metric'] = 'records'): FrameResult => ({
  ...{ hits: [], quarantine: [], bytes: 0, records: n, ...(latest !== undefined && { latest }) },
  counts: [{ metric, labels: { source, cluster: 'prod' }, n }],
})

const delivery = (id: string): Delivery => ({ id, source: 'a:a', receivedAt: 0, origin: id, async *body() {} })

/** Reads a source until it ends or `done`; its deliveries named `bad` fail. */
async function readAll(source: PullSource, watch: SourceWatch, done: () => boolean, name = 'a:a'): Promise<void> {
  const ended = new AbortController()
  const reader = readSource({
    ...{ name, source, once: false, signal: ended.signal, log: () => {}, random: () => 0 },
    app: {
      ingest: async (deliveries) => ({ failed: deliveries.map(({ id }) => id).filter((id) => id === 'bad') }),
      dispatch: async () => ({}),
    },
    observer: watch.observer(name),
  })
  await Promise.race([until(done), reader.ended])
  ended.abort()
  await reader.ended
}

test('what is known of each source is written down, and goes on after a restart', async () => {
  const store = createMemoryStore()
  let clock = 1_000_000
  const host = { store, now: () => clock, log: () => {} }
  const idle: PullSource = { async *read() {}, lag: async () => ({ bytes: 7 }) }
  const sources = new Map([
    ['a:a', idle],
    ['b:b', { ...idle, lag: () => Promise.reject(new Error('no')) }],
  ])
  const watch = await createSourceWatch(host)
  watch.enter(sources)
  clock += 10_000
  watch.note([result('a:a', 80, 900), result('a:a', 20, 500), result('gone:gone', 1, 1)])
  watch.note([result('a:a', 100, undefined, 'quarantined'), result('a:a', 5, undefined, 'bytes')])
  watch.observer('a:a').retrying(new CodedError('SOURCE_MISCONFIGURED', 'x'.repeat(1_000)))
  await watch.write()
  const a = {
    ...{ state: 'retrying', since: clock, rate: 20, lastRecord: clock, lastEvent: 900, lag: { bytes: 7 }, errors: 1 },
    error: { code: 'SOURCE_MISCONFIGURED', message: 'x'.repeat(300), at: clock },
  }
  const b = { state: 'reading', since: clock - 10_000, rate: 0, errors: 0 }
  expect(await readSources(store)).toEqual({ at: clock, sources: { 'a:a': a, 'b:b': b } })

  clock += 1_000
  const later = await createSourceWatch(host)
  later.enter(new Map([['a:a', idle]]))
  await later.write()
  expect(await readSources(store)).toEqual({
    at: clock,
    sources: { 'a:a': { ...a, state: 'reading', since: clock, rate: 0 } },
  })
})

test('a source that is down is tried again and shown, and one that fails to take a delivery too', async () => {
  const watch = await createSourceWatch({ store: createMemoryStore(), now: () => 5, log: () => {} })
  watch.enter(new Map([['a:a', { async *read() {} }]]))
  const states: unknown[] = []
  const seen = () => watch.report().sources['a:a']!
  let reads = 0
  let settled = 0
  async function* read() {
    states.push([seen().state, seen().errors])
    if (++reads <= 2) throw new CodedError('SOURCE_FAILED', `down ${reads}`)
    yield { deliveries: [delivery('good')], settle: async () => void settled++ }
    await until(() => settled === 1)
    states.push([seen().state, seen().errors])
    yield { deliveries: [delivery('bad'), delivery('fine')], settle: async () => void settled++ }
    await until(() => settled === 2)
  }
  await readAll({ read, ended: () => settled === 2 }, watch, () => false)
  expect(states).toEqual([
    ['reading', 0],
    ['retrying', 1],
    ['retrying', 2],
    ['reading', 2],
  ])
  expect(seen()).toMatchObject({ state: 'ended', errors: 3, error: { code: 'SOURCE_FAILED' } })
})

test('a rate is that of the last minute, or of the time since the start', () => {
  const rate = createRate(0)
  for (let at = 0; at < 30_000; at += 1_000) rate.add(10, at)
  expect(rate.perSecond(30_000)).toBe(10)
  expect(rate.perSecond(59_999)).toBeCloseTo(5, 1)
  expect(rate.perSecond(75_000)).toBeLessThan(4)
  expect(rate.perSecond(200_000)).toBe(0)
})

test('what is dear to read is read seldom', async () => {
  let clock = 0
  let reads = 0
  const read = seldom(
    async () => {
      clock += 200
      return ++reads
    },
    () => clock,
    5_000,
  )
  expect([await read(), await read()]).toEqual([1, 1])
  clock += 9_900
  expect(await read()).toBe(1)
  clock += 100
  expect(await read()).toBe(2)
})
