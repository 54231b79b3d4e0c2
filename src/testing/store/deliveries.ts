import { describe, expect, it } from 'vitest'
import type { Claim, Settlement, Store } from '../../core/contracts/index.ts'
import { commitOf, type OpenStore, sampleHit, start } from './samples.ts'

const output = 'file:alerts'
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

const claim = (store: Store, now: number, limit = 10) => store.claim({ output, now, limit, leaseMs: 1000 })
const named = (claims: readonly Claim[]) => claims.map(({ alert }) => alert.context['n'])
const add = (store: Store, ns: readonly number[], now = start, rule = 'rule') =>
  store.commit(commitOf({ hits: ns.map((n) => sampleHit({ n, rule })), now }))

/** Deliveries: each (alert, output) pair goes its own way, and is in one hand at a time. */
export function deliveryContract(open: OpenStore): void {
  describe('deliveries', () => {
    it('hands out the oldest first, each once', async () => {
      const { store } = await open()
      await add(store, [1, 2, 3])
      await add(store, [4], start + 1)
      const first = await claim(store, start, 2)
      expect(named(first)).toEqual([1, 2])
      expect(first[0]).toMatchObject({ output, attempts: 0, storedAt: start, alert: { record: { id: 'record-1' } } })
      expect(named(await claim(store, start))).toEqual([3])
      expect(named(await claim(store, start + 1))).toEqual([4])
      expect(await store.claim({ output: 'file:other', now: start, limit: 10, leaseMs: 1 })).toEqual([])
      expect(await claim(store, start, 0)).toEqual([])
    })

    it('hands out again what was not settled within its lease', async () => {
      const { store } = await open()
      await add(store, [1])
      await claim(store, start)
      expect(await claim(store, start + 999)).toEqual([])
      expect(named(await claim(store, start + 1000))).toEqual([1])
    })

    it('tells what waits, and from when on', async () => {
      const { store } = await open()
      expect(await store.due()).toEqual([])
      await add(store, [1, 2])
      expect(await store.due()).toEqual([{ output, count: 2, at: start }])
      const [one] = await claim(store, start)
      expect(await store.due()).toEqual([{ output, count: 2, at: start + 1000 }])
      await store.settle([{ alert: one!.alert.id, output, state: 'sent' }], start)
      expect(await store.due()).toEqual([{ output, count: 1, at: start + 1000 }])
    })

    it('heeds nobody whose lease is over and who was followed by another, unless it was sent', async () => {
      const { store } = await open()
      await add(store, [1])
      const [late] = await claim(store, start)
      const [next] = await claim(store, start + 1000)
      expect([late!.lease, next!.lease]).toEqual([start + 1000, start + 2000])
      const of = { alert: late!.alert.id, output, lease: late!.lease }
      const failed = { retryAt: start, error: 'HTTP 503' }
      await store.settle(
        [
          { ...of, state: 'pending', ...failed },
          { ...of, state: 'pending' },
        ],
        start + 1001,
      )
      await store.settle([{ ...of, state: 'dead', error: 'HTTP 400' }], start + 1001)
      expect(await claim(store, start + 1999)).toEqual([])
      expect((await store.alert(of.alert))!.deliveries).toMatchObject([{ state: 'pending', attempts: 0 }])
      await store.settle([{ ...of, state: 'sent' }], start + 1002)
      await store.settle([{ ...of, lease: next!.lease, state: 'dead', error: 'HTTP 409' }], start + 1003)
      expect((await store.alert(of.alert))!.deliveries).toMatchObject([{ state: 'sent' }])
    })

    const settled = async (store: Store, ...states: (Settlement['state'] | Omit<Settlement, 'alert' | 'output'>)[]) => {
      const { alert } = (await store.alerts({ limit: 1 }))[0]!
      for (const given of states) {
        const settlement = typeof given === 'string' ? { state: given } : given
        await store.settle([{ alert: alert.id, output, ...settlement }], start + 7)
      }
      return (await store.alert(alert.id))!.deliveries[0]
    }

    it('never repeats what was sent', async () => {
      const { store } = await open()
      await add(store, [1])
      await claim(store, start)
      const sent = { output, state: 'sent', attempts: 1, at: start + 7 }
      expect(await settled(store, 'sent')).toEqual(sent)
      expect(
        await settled(store, 'dead', 'sent', 'pending', { state: 'pending', retryAt: start, error: 'no' }),
      ).toEqual(sent)
      expect(await claim(store, start + 10_000)).toEqual([])
      expect(await store.due()).toEqual([])
    })

    it('tries again at the time that was asked for, and counts the tries', async () => {
      const { store } = await open()
      await add(store, [1])
      await claim(store, start)
      const failed = { state: 'pending', retryAt: start + 500, error: 'HTTP 503' } as const
      expect(await settled(store, failed)).toEqual({
        output,
        state: 'pending',
        attempts: 1,
        error: 'HTTP 503',
        at: start + 7,
      })
      expect(await claim(store, start + 499)).toEqual([])
      expect(await claim(store, start + 500)).toMatchObject([{ attempts: 1, storedAt: start }])
      expect(await settled(store, 'sent')).toEqual({ output, state: 'sent', attempts: 2, at: start + 7 })
    })

    it('takes back a claim that was not tried', async () => {
      const { store } = await open()
      await add(store, [1])
      await claim(store, start)
      expect(await settled(store, { state: 'pending', retryAt: start + 1 })).toEqual({
        output,
        state: 'pending',
        attempts: 0,
      })
      expect(await claim(store, start + 1)).toMatchObject([{ attempts: 0 }])
    })

    it('keeps dead ones until somebody puts them back in line', async () => {
      const { store } = await open()
      await add(store, [1])
      await claim(store, start)
      const dead = { output, state: 'dead', attempts: 1, error: 'HTTP 400', at: start + 7 }
      expect(await settled(store, { state: 'dead', error: 'HTTP 400' })).toEqual(dead)
      // A dispatcher whose lease was over does not bring it back.
      expect(await settled(store, { state: 'pending', retryAt: start, error: 'HTTP 503' })).toEqual(dead)
      expect(await claim(store, start + 10_000)).toEqual([])
      expect(await settled(store, 'pending')).toMatchObject({ state: 'pending', attempts: 0 })
      expect(await store.due()).toMatchObject([{ count: 1 }])
      expect(await claim(store, start + 10_000)).toMatchObject([{ attempts: 0, storedAt: start + 7 }])
    })

    it('ignores settlements of what it does not know', async () => {
      const { store } = await open()
      await store.settle([{ alert: 'none', output, state: 'sent' }], start)
      expect(await store.alerts({ limit: 1 })).toEqual([])
    })

    it('lets rules take turns, so that a flood delays nobody', async () => {
      const { store } = await open()
      await add(store, numbers(0, 500), start, 'flood')
      await add(store, [1000], start + 1, 'rare')
      await add(store, [2000, 2001], start + 2, 'other')
      const claims = await claim(store, start + 2, 8)
      expect(
        claims
          .slice(0, 3)
          .map(({ alert }) => alert.rule)
          .sort(),
      ).toEqual(['flood', 'other', 'rare'])
      expect(claims.map(({ alert }) => alert.rule).sort()).toEqual([
        ...Array(5).fill('flood'),
        'other',
        'other',
        'rare',
      ])
      expect(await claim(store, start + 2, 1000)).toHaveLength(495)
    })

    it('lets rules take turns also when claims are too small for all of them', async () => {
      const { store } = await open()
      await add(store, numbers(0, 50), start, 'flood')
      await add(store, numbers(100, 150), start, 'other')
      const rules: string[] = []
      for (let n = 0; n < 6; n++) {
        if (n === 3) await add(store, [1000], start + 1, 'rare')
        rules.push((await claim(store, start + 1, 1))[0]!.alert.rule)
      }
      expect(rules.toSorted()).toEqual(['flood', 'flood', 'flood', 'other', 'other', 'rare'].toSorted())
      expect(rules[3]).toBe('rare')
    })

    it('tells of dead ones: why, since when, and after how many tries', async () => {
      const { store } = await open()
      await add(store, [1, 2])
      await add(store, [3], start, 'other')
      const claims = await claim(store, start)
      const idOf = (n: number) => claims.find(({ alert }) => alert.context['n'] === n)!.alert.id
      const die = (n: number, now: number) =>
        store.settle([{ alert: idOf(n), output, state: 'dead', error: `HTTP 40${n}` }], now)
      for (const n of [1, 2, 3]) await die(n, start + n)
      const found = async (query: object) =>
        (await store.deadDeliveries({ limit: 10, ...query })).map(({ alert }) => alert.context['n'])
      expect(await found({})).toEqual([3, 2, 1])
      expect(await found({ limit: 1 })).toEqual([3])
      expect(await found({ limit: 1, skip: 1 })).toEqual([2])
      expect(await found({ rule: 'rule' })).toEqual([2, 1])
      expect(await found({ alert: idOf(2) })).toEqual([2])
      expect(await found({ before: start + 2 })).toEqual([1])
      expect(await found({ output: 'file:other' })).toEqual([])
      expect(await store.deadDeliveries({ limit: 1 })).toMatchObject([
        { alert: { rule: 'other' }, output, attempts: 1, error: 'HTTP 403', storedAt: start, at: start + 3 },
      ])
      await store.settle([{ alert: idOf(3), output, state: 'pending' }], start + 9)
      expect(await found({})).toEqual([2, 1])
    })

    it('never gives one alert to two dispatchers', async () => {
      const { store, again } = await open()
      const other = (await again?.()) ?? store
      await add(store, numbers(0, 300))
      const seen: unknown[] = []
      for (;;) {
        const both = await Promise.all([store, other, other, store].map((one) => claim(one, start, 7)))
        if (both.every((claims) => claims.length === 0)) break
        seen.push(...both.flatMap(named))
      }
      expect(seen.length).toBe(300)
      expect(new Set(seen).size).toBe(300)
      if (other !== store) await other.close()
    })
  })
}
