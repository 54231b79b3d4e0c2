import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/memory.ts'
import { outputsOf, readCircuits } from './outputs.ts'

test('one line for each output: what was sent, what waits, what is dead, and until when it is left alone', async () => {
  const store = createMemoryStore()
  const open = { until: 90_000, failures: 6, error: 'OUTPUT_UNAVAILABLE 503' }
  await store.set('circuit:slack:b', JSON.stringify(open))
  await store.set('circuit:file:a', JSON.stringify({ ...open, until: 10_000 }))
  const deliveries = [
    { output: 'file:a', state: 'sent', count: 7 },
    { output: 'file:a', state: 'dead', count: 1, error: 'disk full' },
    { output: 'slack:b', state: 'pending', count: 2, error: 'the last of an alert' },
    { output: 'slack:b', state: 'digested', count: 30 },
  ] as const
  expect(outputsOf(deliveries, await readCircuits(store), 50_000)).toEqual([
    { output: 'file:a', sent: 7, waiting: 0, dead: 1, digested: 0, error: 'disk full' },
    {
      output: 'slack:b',
      ...{ sent: 0, waiting: 2, dead: 0, digested: 30 },
      error: 'OUTPUT_UNAVAILABLE 503',
      pausedUntil: '1970-01-01T00:01:30.000Z',
    },
  ])
})
