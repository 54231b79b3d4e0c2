import { expect, test } from 'vitest'
import { createMemoryStore } from '../stores/memory.ts'
import { commitOf, sampleHit, start } from '../testing/store/samples.ts'
import { retryDead } from './retry-dead.ts'

test('puts dead deliveries back in line: all of an output, a rule or an alert, however many', async () => {
  const store = createMemoryStore()
  const hits = Array.from({ length: 1_300 }, (_, n) =>
    sampleHit({ n, rule: n < 1_200 ? 'many' : 'few', outputs: ['file:a', 'file:b'] }),
  )
  await store.commit(commitOf({ hits }))
  const dead = hits.flatMap(({ id }) =>
    ['file:a', 'file:b'].map((output) => ({ alert: id, output, state: 'dead', error: 'HTTP 400' }) as const),
  )
  await store.settle(dead, start)
  const now = start + 1
  expect(await retryDead(store, { alerts: [hits[0]!.id, hits[1]!.id], output: 'file:a' }, now)).toBe(2)
  expect(await retryDead(store, { rule: 'few' }, now)).toBe(200)
  expect(await retryDead(store, {}, now)).toBe(2_398)
  expect(await retryDead(store, {}, now)).toBe(0)
  expect(await store.due()).toEqual(['file:a', 'file:b'].map((output) => ({ output, count: 1_300, at: now })))
})
