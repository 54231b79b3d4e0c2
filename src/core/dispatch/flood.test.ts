import { expect, test } from 'vitest'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { commitOf, sampleHit, start } from '../../testing/store/samples.ts'
import type { Output } from '../contracts/index.ts'
import { createDispatcher } from './index.ts'

const output = 'webhook:a'
const outputs = [output]

/** A dispatcher of one output on a store of its own, with a clock that each send moves on. */
function makeWorld(send: (rule: string, n: number) => Promise<void>, concurrency: number, sendMs: number) {
  const store = openSqliteStore(':memory:')
  const world = { store, now: start, sent: 0, stop: new AbortController() }
  const far: Output = {
    async send({ alert }) {
      world.now += sendMs
      await send(alert.rule, ++world.sent)
    },
  }
  const dispatcher = createDispatcher({
    store,
    outputs: new Map([[output, { output: far, concurrency }]]),
    now: () => world.now,
    random: () => 0.5,
    log: () => {},
    limits: { maxTries: 3, maxAgeMs: 1e9, timeoutMs: 10_000 },
  })
  const dispatch = () => dispatcher.dispatch(world.stop.signal, { latenessMs: 0 })
  const add = (rule: string, count: number) => {
    const hits = Array.from({ length: count }, (_, n) => sampleHit({ n, rule, outputs }))
    return store.commit(commitOf({ hits, now: world.now }))
  }
  return Object.assign(world, { dispatch, add })
}

test("a flood of one rule delays another rule's alert by less than a second, also at a slow output", async () => {
  let raised = 0
  let arrived = 0
  const world = makeWorld(
    async (rule, n) => {
      if (n === 50) {
        raised = world.now
        await world.add('rare', 1)
      }
      if (rule !== 'rare') return
      arrived = world.now
      world.stop.abort()
    },
    1,
    30,
  )
  await world.add('flood', 20_000)
  await world.dispatch()
  expect(arrived - raised).toBeGreaterThan(0)
  expect(arrived - raised).toBeLessThan(1_000)
  expect(await world.store.due()).toMatchObject([{ count: 20_001 - world.sent }])
  await world.store.close()
})

test('what an output is slow to take holds up nothing that it has room for', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const taken: string[] = []
  const world = makeWorld(
    async (rule) => {
      taken.push(rule)
      if (rule === 'slow') await promise
    },
    2,
    1,
  )
  await world.add('slow', 1)
  const first = world.dispatch()
  await expect.poll(() => taken).toEqual(['slow'])
  await world.add('quick', 3)
  await world.dispatch()
  expect(taken).toEqual(['slow', 'quick', 'quick', 'quick'])
  resolve()
  await first
  expect(await world.store.due()).toEqual([])
  await world.store.close()
})
