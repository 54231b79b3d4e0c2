import { expect, test } from 'vitest'
import { createMemoryStore } from '../stores/memory.ts'
import { commitOf, sampleHit, type SampleHit, start } from '../testing/store/samples.ts'
import { alertSchema, openAlertRecords } from './alert-records.ts'
import type { Delivery } from './contracts/index.ts'

async function textOf({ body }: Delivery): Promise<unknown> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body()) text += decoder.decode(chunk, { stream: true })
  return JSON.parse(text)
}

function makeWorld() {
  const store = createMemoryStore()
  const taken: Delivery[] = []
  const world = {
    store,
    taken,
    fails: false,
    open: () =>
      openAlertRecords(store, async (deliveries) => {
        if (world.fails) return { failed: [deliveries[0]!.id] }
        taken.push(...deliveries)
        return { failed: [] }
      }),
    add: (ns: readonly number[], more: Partial<SampleHit> = {}) =>
      store.commit(commitOf({ hits: ns.map((n) => sampleHit({ n, ...more })) })),
    named: () => taken.splice(0).map(({ origin }) => Number.parseInt(origin, 16)),
  }
  return world
}

test('hands on each alert that comes, as outputs get it, and goes on where it was', async () => {
  const world = makeWorld()
  await world.add([1])
  const first = await world.open()
  expect(await first.drain()).toBe(0)
  await world.add([2, 3])
  expect(await first.drain()).toBe(2)
  const [delivery] = world.taken
  const { id } = sampleHit({ n: 2 })
  expect(delivery).toMatchObject({ source: 'streamalert:alerts', cluster: 'prod', receivedAt: start, origin: id })
  expect(await textOf(delivery!)).toMatchObject({ id, rule: 'rule', record: { host: 'k' }, outputs: ['file:alerts'] })
  expect(world.named()).toEqual([2, 3])
  const many = Array.from({ length: 1_200 }, (_, n) => n + 10)
  await world.add(many)
  expect(await (await world.open()).drain()).toBe(1_200)
  expect(world.named()).toEqual(many)
})

test('alerts of rules over alerts, and of staged rules, are not handed on', async () => {
  const world = makeWorld()
  const records = await world.open()
  const { record, ...hit } = sampleHit({ n: 1 })
  await world.store.commit(commitOf({ hits: [{ ...hit, record: { ...record, schema: alertSchema } }] }))
  await world.add([2], { mode: 'staged' })
  await world.add([3])
  expect(await records.drain()).toBe(1)
  expect(world.named()).toEqual([3])
})

test('what is not taken comes again', async () => {
  const world = makeWorld()
  const records = await world.open()
  await world.add([1])
  world.fails = true
  await expect(records.drain()).rejects.toMatchObject({ code: 'SOURCE_FAILED' })
  world.fails = false
  expect(await records.drain()).toBe(1)
  expect(world.named()).toEqual([1])
})
