import { expect, test } from 'vitest'
import type { Alert, RateLimit, Store } from '../../core/contracts/index.ts'
import { commitOf, minute, sampleEntry, sampleHit, start } from '../../testing/store/samples.ts'
import { memoryBlobs, memoryTable } from './fixture.ts'
import { storeOn } from './index.ts'

const kept = { alertsMs: 1e12, quarantineMs: 1e12, hitsMs: 1e12 }
const output = 'file:alerts'
const rates = new Map<string, RateLimit>([[output, { windowMs: minute, perRule: 2, perOutput: 9 }]])

const contents = {
  hits: [
    ...[1, 2, 3].map((n) => sampleHit({ n })),
    ...[4, 5].map((n) => sampleHit({ n, rule: 'merged', window: { count: 1 } })),
    ...[6, 7, 8].map((n) => sampleHit({ n, rule: 'counted', window: { count: 2 } })),
    ...[9, 10, 11].map((n) => sampleHit({ n, rule: 'limited', window: { count: 1, limit: 2 } })),
  ],
  quarantine: [sampleEntry(1)],
}

/** Everything that happens to a batch, each step repeated until it comes through. */
async function run(store: Store, crashed: () => void): Promise<void> {
  const through = async (step: () => Promise<unknown>) => {
    for (let tries = 0; tries < 3; tries++) {
      try {
        return await step()
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'crash') throw error
        crashed()
      }
    }
    return undefined
  }
  await through(() => store.commit({ ...commitOf(contents), rates }))
  await through(() => store.closeWindows({ now: start + minute, latenessMs: 0, all: true, rates }))
  await through(() => store.raiseDigests({ now: start + minute, all: true }))
  for (let round = 1; round < 5; round++) {
    const now = start + round * 10 * minute
    const claims = await store.claim({ output, now, limit: 100, leaseMs: minute }).catch(() => [])
    const settlements = claims.map(({ alert, lease }) => {
      return { alert: alert.id, output, lease, state: 'sent' as const, receipt: alert.id }
    })
    await store.settle(settlements, now).catch(crashed)
  }
}

/** What is told of it in the end. */
async function outcome(store: Store) {
  const { alerts } = await store.alertsAfter(0, 1000)
  const ids = (await store.alerts({ limit: 1000 })).map(({ alert }) => alert.id)
  const brief = ({ id, rule, updates, mergedFrom }: Alert) =>
    [id, rule, updates ?? '', mergedFrom?.count ?? 0].join(' ')
  return {
    alerts: [...new Set(alerts.filter(({ rule }) => rule !== 'streamalert-digest').map(brief))].sort(),
    listedOnce: new Set(ids).size === ids.length,
    waiting: await store.due(),
    quarantine: (await store.quarantine({ limit: 10 })).length,
    dead: (await store.deadDeliveries({ limit: 10 })).length,
  }
}

const storeWith = (before?: () => void) =>
  storeOn({ table: memoryTable(before), cluster: 'prod', blobs: memoryBlobs(), kept })

test('a crash before or after any write, and the repetition that follows, give the same alerts', async () => {
  let writes = 0
  const whole = storeWith(() => void writes++)
  await run(whole, () => {})
  const expected = await outcome(whole)
  expect(expected).toMatchObject({ listedOnce: true, waiting: [], quarantine: 1, dead: 0 })
  expect(expected.alerts.length).toBe(10)
  expect(writes).toBeGreaterThan(100)
  for (let nth = 1; nth <= writes; nth++) {
    let count = 0
    let crashes = 0
    const store = storeWith(() => {
      if (++count === nth) throw new Error('crash')
    })
    await run(store, () => void crashes++)
    expect([nth, await outcome(store)]).toEqual([nth, expected])
  }
})

test('two that commit at the same time raise each alert once, and none is lost', async () => {
  const table = memoryTable()
  const blobs = memoryBlobs()
  const stores = [1, 2, 3, 4].map(() => storeOn({ table, cluster: 'prod', blobs, kept }))
  const all = await Promise.all(stores.map((store) => store.commit({ ...commitOf(contents), rates })))
  const alone = storeWith()
  const { alerts } = await alone.commit({ ...commitOf(contents), rates })
  const ids = all.flatMap((committed) => committed.alerts.map(({ id }) => id))
  expect(ids.toSorted()).toEqual(alerts.map(({ id }) => id).toSorted())
  const hits = contents.hits.map((hit, n) => ({ store: stores[n % 4]!, hit }))
  const split = memoryTable()
  const parts = [0, 1, 2, 3].map(() => storeOn({ table: split, cluster: 'prod', blobs, kept }))
  const raised = await Promise.all(
    parts.map((store, n) =>
      store.commit(commitOf({ hits: hits.filter((_, at) => at % 4 === n).map(({ hit }) => hit) })),
    ),
  )
  expect(raised.flatMap((committed) => committed.alerts.map(({ id }) => id)).toSorted()).toEqual(ids.toSorted())
})
