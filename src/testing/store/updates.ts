import { describe, expect, it } from 'vitest'
import type { Settlement, Store } from '../../core/contracts/index.ts'
import { commitOf, type OpenStore, sampleHit, start } from './samples.ts'

const output = 'file:alerts'
const window = { count: 1 }

const claim = (store: Store, now = start) => store.claim({ output, now, limit: 10, leaseMs: 1000 })
const settle = (store: Store, alert: string, rest: Omit<Settlement, 'alert' | 'output'>, now = start) =>
  store.settle([{ alert, output, ...rest }], now)

/** Commits hits of one window; the first opens it. Answers the new alert. */
async function add(store: Store, ...ns: number[]) {
  const { alerts } = await store.commit(commitOf({ hits: ns.map((n) => sampleHit({ n, window })) }))
  return alerts[0]
}

/** Closes the window; answers the id of its update. */
async function update(store: Store) {
  const { alerts } = await store.closeWindows({ now: start, latenessMs: 0, all: true })
  return alerts[0]!.id
}

const ids = async (store: Store, now?: number) => (await claim(store, now)).map(({ alert }) => alert.id)

/** Updates of alerts: they come after what they update, and with its receipt. */
export function updateContract(open: OpenStore): void {
  describe('deliveries of updates', () => {
    it('keeps what an output answered, and gives it with the update', async () => {
      const { store } = await open()
      const opening = (await add(store, 1, 2))!.id
      expect(await claim(store)).not.toHaveProperty('0.earlier')
      await settle(store, opening, { state: 'sent', receipt: 'incident 7' })
      expect((await store.alert(opening))!.deliveries).toMatchObject([{ state: 'sent', receipt: 'incident 7' }])
      const first = await update(store)
      expect(await claim(store)).toMatchObject([{ alert: { id: first, updates: opening }, earlier: 'incident 7' }])
      await settle(store, first, { state: 'sent', receipt: 'comment 1' })
      await add(store, 3)
      expect(await claim(store, start + 5)).toEqual([])
      const second = await update(store)
      expect(await claim(store)).toMatchObject([{ alert: { id: second }, earlier: 'incident 7' }])
    })

    it('gives the receipt of an earlier update where the alert itself has none', async () => {
      const { store } = await open()
      const opening = (await add(store, 1, 2))!.id
      await settle(store, opening, { state: 'dead', error: 'HTTP 400' })
      await settle(store, await update(store), { state: 'sent', receipt: 'incident 8' })
      await add(store, 3)
      const second = await update(store)
      expect(await claim(store)).toMatchObject([{ alert: { id: second }, earlier: 'incident 8' }])
    })

    it('lets none overtake the alert that it updates, nor an earlier update', async () => {
      const { store } = await open()
      const opening = (await add(store, 1, 2))!.id
      const first = await update(store)
      await add(store, 3)
      const second = await update(store)
      expect(await ids(store)).toEqual([opening])
      expect(await store.due()).toEqual([{ output, count: 3, at: start + 1000 }])
      expect(await ids(store, start + 999)).toEqual([])
      await settle(store, opening, { state: 'pending', error: 'HTTP 503', retryAt: start + 500 })
      expect(await ids(store, start + 500)).toEqual([opening])
      await settle(store, opening, { state: 'sent' }, start + 600)
      expect(await store.due()).toEqual([{ output, count: 2, at: start + 600 }])
      const claimed = await claim(store, start + 600)
      expect(claimed).toMatchObject([{ alert: { id: first }, storedAt: start + 600 }])
      await settle(store, first, { state: 'dead', error: 'HTTP 400' }, start + 700)
      expect(await ids(store, start + 700)).toEqual([second])
    })

    it('holds up no output to which the alert did not go', async () => {
      const { store } = await open()
      await add(store, 1)
      await store.commit(commitOf({ hits: [sampleHit({ n: 2, window, outputs: ['file:more'] })] }))
      const id = await update(store)
      const claimed = await store.claim({ output: 'file:more', now: start, limit: 10, leaseMs: 1000 })
      expect(claimed).toMatchObject([{ alert: { id } }])
    })
  })
}
