import { expect, test } from 'vitest'
import { createMemoryStore } from '../stores/memory.ts'
import { commitOf, sampleEntry, sampleHit, start } from '../testing/store/samples.ts'
import type { FrameResult, Segment } from './contracts/index.ts'
import { retryQuarantine } from './retry-quarantine.ts'

test('what passes is in history before it leaves the quarantine, and alerts; what fails again stays, and so does all when history fails', async () => {
  const store = createMemoryStore()
  const entries = [1, 2, 3].map((n) => sampleEntry(n))
  await store.commit(commitOf({ quarantine: entries }))
  const rows = (n: number) => ({ pieces: [new Uint8Array([n])], compressed: false })
  const results: readonly FrameResult[] = [3, 2, 1].map((n) => ({
    ...{ hits: n === 2 ? [] : [sampleHit({ n })], quarantine: n === 2 ? [entries[1]!] : [], counts: [] },
    ...{ bytes: 4, records: 1, rows: rows(n) },
  }))
  const put: Segment[] = []
  let isBroken = true
  const host = {
    store,
    evaluator: { evaluate: async () => results },
    segments: {
      compress: (bytes: Uint8Array) => bytes,
      async put(segment: Segment) {
        if (isBroken) throw new Error('The bucket is gone.')
        put.push(segment)
      },
    },
    now: () => start,
  }
  await expect(retryQuarantine(host, { limit: 10 })).rejects.toThrow('The bucket is gone.')
  expect(await store.quarantine({ limit: 10 })).toHaveLength(3)
  isBroken = false
  expect(await retryQuarantine(host, { limit: 10 })).toEqual({ passed: 2, failed: 1, alerts: 2 })
  expect(put).toMatchObject([{ cluster: 'prod', bytes: new Uint8Array([3, 1]) }])
  expect((await store.quarantine({ limit: 10 })).map(({ id }) => id)).toEqual([entries[1]!.id])
})
