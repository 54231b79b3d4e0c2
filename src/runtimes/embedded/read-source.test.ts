import { expect, test } from 'vitest'
import type { App, Batch, Delivery } from '../../core/contracts/index.ts'
import { readSource } from './read-source.ts'

/** A promise with its end. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open: () => open(), opened }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a source that only waits for what may be appended is at rest; one that reads or stores is not', async () => {
  const [taken, appended, stored] = [gate(), gate(), gate()]
  const delivery = (next?: Delivery['next']): Delivery => ({
    ...{ id: 'a', source: 'file:a', receivedAt: 0, origin: 'a', async *body() {} },
    ...(next && { next }),
  })
  const first = delivery(async () => {
    await appended.opened
    return delivery()
  })
  const batch: Batch = { deliveries: [first], settle: async () => {} }
  const app: Pick<App, 'ingest'> = {
    async ingest([given]) {
      await taken.opened
      await given!.next?.()
      await stored.opened
      return { failed: [] }
    },
  }
  const reader = readSource({
    ...{ name: 'file:a', app: app as App, once: true, log() {}, random: () => 0 },
    signal: new AbortController().signal,
    source: {
      async *read() {
        yield batch
      },
    },
  })
  await turn()
  expect(reader.idle()).toBe(false)
  taken.open()
  await turn()
  expect(reader.idle()).toBe(true)
  appended.open()
  await turn()
  expect(reader.idle()).toBe(false)
  stored.open()
  expect(await reader.ended).toBe(true)
  expect(reader.idle()).toBe(true)
})
