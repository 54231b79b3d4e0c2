import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/index.ts'
import type { Delivery, LogLine, Store } from '../contracts/index.ts'
import { defineRule } from '../rule.ts'
import { app, hostWith } from './fixture.ts'
import { createIngest } from './index.ts'

const everything = defineRule({
  name: 'everything',
  description: 'Each record.',
  severity: 'low',
  schemas: [app],
  where: { n: { exists: true } },
  outputs: ['file:a'],
})

function setUp(store: Store) {
  const { host } = hostWith([everything])
  const log: LogLine[] = []
  const ingest = createIngest({ ...host, store, log: (line) => void log.push(line) }, { concurrency: 3 })
  return { ingest, log }
}

const line = (n: number) => `${JSON.stringify({ at: '2026-03-01T10:00:00Z', n })}\n`
const size = line(0).length

/** The stretch of one line, `n`, and what follows it. */
const stretch = (n: number, next?: Delivery['next']): Delivery => ({
  id: 'a',
  source: 'file:app',
  receivedAt: Date.UTC(2026, 2, 1, 10),
  origin: 'a.log',
  offset: n * size,
  size,
  async *body() {
    yield new TextEncoder().encode(line(n))
  },
  checkpoint: (offset) => ({ key: 'place', value: String(offset) }),
  ...(next && { next }),
})

const seen = async (store: Store) =>
  (await store.alerts({ limit: 100 })).map(({ alert }) => alert.record.data['n'] as number).sort((a, b) => a - b)

test('what is evaluated is stored while the stretch that follows is awaited', async () => {
  const store = createMemoryStore()
  const { ingest } = setUp(store)
  const given: number[][] = []
  const follows = async (n: number): Promise<Delivery | undefined> => {
    while ((await store.get('place')) !== String(n * size)) await new Promise((resolve) => setTimeout(resolve, 1))
    given.push(await seen(store))
    return n < 3 ? stretch(n, () => follows(n + 1)) : undefined
  }
  expect(await ingest([stretch(0, () => follows(1))])).toEqual({ failed: [] })
  expect(given).toEqual([[0], [0, 1], [0, 1, 2]])
})

test('nothing is stored of stretches that follow one that failed; all comes once when they come again', async () => {
  const store = createMemoryStore()
  let commits = 0
  const failing: Store = {
    ...store,
    async commit(commit) {
      if (++commits === 2) throw new Error('disk full')
      return store.commit(commit)
    },
  }
  const chain = (from: number): Delivery => stretch(from, async () => (from < 4 ? chain(from + 1) : undefined))
  const first = setUp(failing)
  expect(await first.ingest([chain(0)])).toEqual({ failed: ['a'] })
  expect(first.log).toMatchObject([{ message: 'file:app: a.log: disk full' }])
  expect([await seen(store), await store.get('place')]).toEqual([[0], String(size)])
  expect(await setUp(store).ingest([chain(1)])).toEqual({ failed: [] })
  expect([await seen(store), await store.get('place')]).toEqual([[0, 1, 2, 3, 4], String(5 * size)])
})

test('a stretch that cannot be had fails the delivery; what was before it is stored', async () => {
  const store = createMemoryStore()
  const { ingest, log } = setUp(store)
  expect(await ingest([stretch(0, () => Promise.reject(new Error('the cable')))])).toEqual({ failed: ['a'] })
  expect(await seen(store)).toEqual([0])
  expect(log).toMatchObject([{ level: 'error', message: 'file:app: a.log: the cable' }])
})
