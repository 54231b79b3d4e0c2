import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/memory.ts'
import { commitOf, sampleHit, start } from '../../testing/store/samples.ts'
import { createDispatcher } from './index.ts'

const name = 'file:alerts'

/** Sends an alert and then its update to an output that answers `answer`; what it was given as `earlier`. */
async function earlierOf(answer: unknown): Promise<(string | undefined)[]> {
  const store = createMemoryStore()
  await store.commit(commitOf({ hits: [1, 2].map((n) => sampleHit({ n, window: { count: 1 } })) }))
  const given: (string | undefined)[] = []
  const output = {
    async send({ earlier }: { readonly earlier?: string }) {
      given.push(earlier)
      return answer as string
    },
  }
  const dispatcher = createDispatcher({
    store,
    outputs: new Map([[name, { output, concurrency: 4 }]]),
    now: () => start,
    random: () => 0,
    log: () => {},
    limits: { maxTries: 1, maxAgeMs: 1000, timeoutMs: 1000 },
  })
  await dispatcher.dispatch(new AbortController().signal, { latenessMs: 0, windows: 'all' })
  return given
}

test('an update that was raised before its alert was sent goes after it, with what the output answered', async () => {
  expect(await earlierOf('incident 7')).toEqual([undefined, 'incident 7'])
})

test.each([undefined, null, 7, 'x'.repeat(1_001)])('what is no receipt is not kept (%#)', async (answer) => {
  expect(await earlierOf(answer)).toEqual([undefined, undefined])
})
