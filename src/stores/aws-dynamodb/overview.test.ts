import { expect, test } from 'vitest'
import { commitOf, sampleHit, start } from '../../testing/store/samples.ts'
import { memoryBlobs, memoryTable } from './fixture.ts'
import { storeOn } from './index.ts'

test('of many alerts the newest are counted, and what waits or is dead of all, without reading the whole table', async () => {
  const table = memoryTable()
  const scan = (): never => {
    throw new Error('The whole table is read.')
  }
  const kept = { alertsMs: 1e12, quarantineMs: 1e12, hitsMs: 1e12 }
  const store = storeOn({ table: { ...table, scan }, cluster: 'prod', blobs: memoryBlobs(), kept })
  const hits = [1, 2, 3, 4, 5].map((n) => sampleHit({ n, rule: n < 4 ? 'old' : 'new' }))
  for (const [n, hit] of hits.entries()) await store.commit(commitOf({ hits: [hit], now: start + n }))
  const settle = (n: number, state: 'dead' | 'sent') =>
    store.settle(
      [{ alert: hits[n]!.id, output: 'file:alerts', state, ...(state === 'dead' && { error: 'no' }) }],
      start,
    )
  await settle(0, 'dead')
  await settle(1, 'sent')
  await settle(4, 'sent')
  expect(await store.overview({ newest: 2 })).toEqual({
    alerts: [{ rule: 'new', severity: 'low', staged: false, count: 2 }],
    deliveries: [
      { output: 'file:alerts', state: 'dead', count: 1, error: 'no' },
      { output: 'file:alerts', state: 'pending', count: 2 },
      { output: 'file:alerts', state: 'sent', count: 1 },
    ],
    since: start + 3,
  })
})
