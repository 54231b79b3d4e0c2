import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/memory.ts'
import { createSourceCounts } from './source-counts.ts'

test('what sources count is summed and stored once', async () => {
  const store = createMemoryStore()
  const counts = createSourceCounts(store, () => 1000)
  counts.add('http:agents', 'refused', 2)
  counts.add('http:agents', 'refused', 3)
  counts.add('syslog:net', 'dropped', 1)
  await counts.flush()
  await counts.flush()
  const stored = await store.counts()
  expect(stored.map(({ metric, labels, n }) => [metric, labels['source'], n])).toEqual([
    ['refused', 'http:agents', 5],
    ['dropped', 'syslog:net', 1],
  ])
})
