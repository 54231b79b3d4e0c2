import { describe, expect, it } from 'vitest'
import type { RateLimit, Store } from '../../core/contracts/index.ts'
import { digestedBy } from '../../core/rates/index.ts'
import { commitOf, minute, type OpenStore, sampleHit, type SampleHit, start } from './samples.ts'

const output = 'file:alerts'
const ratesOf = (perRule: number, perOutput: number) =>
  new Map<string, RateLimit>([[output, { windowMs: minute, perRule, perOutput }]])
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

const add = (
  store: Store,
  rates: ReadonlyMap<string, RateLimit>,
  ns: readonly number[],
  more: Partial<SampleHit> = {},
  now = start,
) => store.commit({ ...commitOf({ hits: ns.map((n) => sampleHit({ n, ...more })), now }), rates })
const claimed = async (store: Store, now = start + 2 * minute) =>
  (await store.claim({ output, now, limit: 1000, leaseMs: 1 })).map(({ alert }) => alert)
const digests = async (store: Store, now = start + minute) => (await store.raiseDigests({ now, all: false })).alerts

/** Rate limits: what is too much is stored, counted and told at once. */
export function rateContract(open: OpenStore): void {
  describe('rate limits', () => {
    it('tells so many alerts of a rule singly, and all others with one digest when the window has ended', async () => {
      const { store } = await open()
      const rates = ratesOf(3, 100)
      await add(store, rates, [1, 2])
      const { alerts } = await add(store, rates, numbers(3, 9), { severity: 'high' }, start + 1)
      expect(alerts).toHaveLength(6)
      await add(store, rates, [20], { rule: 'other' }, start + 2)
      expect(await store.due()).toMatchObject([{ output, count: 4 }])
      expect(await store.raiseDigests({ now: start + minute - 1, all: false })).toEqual({
        alerts: [],
        joined: new Map(),
        nextClose: start + minute,
      })
      const [digest, ...more] = await digests(store)
      expect(more).toEqual([])
      expect(digest).toMatchObject({
        rule: 'streamalert-digest',
        severity: 'high',
        title: '5 more alerts of rule',
        cluster: 'prod',
        outputs: [output],
        record: {
          data: {
            output,
            count: 5,
            rules: [{ rule: 'rule', count: 5, severity: 'high' }],
            alerts: alerts.slice(1).map(({ id }) => id),
            command: `streamalert alerts list --digest ${digest!.id}`,
          },
        },
      })
      expect(
        (await claimed(store))
          .map(({ context, rule }) => ('n' in context ? JSON.stringify(context['n']) : rule))
          .sort(),
      ).toEqual(['1', '2', '20', '3', 'streamalert-digest'])
      const held = await store.alerts({ digested: digestedBy(digest!)!, limit: 10 })
      expect(held.map(({ alert }) => alert.context['n'])).toEqual([8, 7, 6, 5, 4])
      expect(held[0]!.deliveries).toEqual([{ output, state: 'digested', attempts: 0 }])
      expect(await digests(store, start + 10 * minute)).toEqual([])
    })

    it('bounds what one output is told of all rules; others are not concerned', async () => {
      const { store } = await open()
      const rates = ratesOf(10, 4)
      for (const rule of ['a', 'b', 'c']) await add(store, rates, [1, 2], { rule, outputs: [output, 'file:other'] })
      expect((await claimed(store)).map(({ rule }) => rule).toSorted()).toEqual(['a', 'a', 'b', 'b'])
      expect(await digests(store)).toMatchObject([{ record: { data: { count: 2, rules: [{ rule: 'c' }] } } }])
      expect(await store.claim({ output: 'file:other', now: start, limit: 10, leaseMs: 1 })).toHaveLength(6)
    })

    it('counts anew in the next window', async () => {
      const { store } = await open()
      const rates = ratesOf(1, 1)
      for (const n of [0, 1, 2]) await add(store, rates, [10 * n, 10 * n + 1], {}, start + n * minute)
      const raised = await digests(store, start + 2 * minute)
      expect(raised.map(({ record }) => record.data['count'])).toEqual([1, 1])
      expect(new Set(raised.map(({ id }) => id)).size).toBe(2)
      expect((await claimed(store)).filter(({ rule }) => rule === 'rule')).toHaveLength(3)
    })

    it('counts nothing that comes again, and tells nothing twice', async () => {
      const { store, again } = await open()
      const other = (await again?.()) ?? store
      const rates = ratesOf(2, 2)
      await add(store, rates, numbers(0, 5))
      await add(other, rates, numbers(0, 5), {}, start + 1)
      const [one, two] = [await digests(store), await digests(other)]
      expect([...one, ...two]).toMatchObject([{ record: { data: { count: 3 } } }])
      if (other !== store) await other.close()
    })

    it('forgets its counts an hour after they are told', async () => {
      const { store } = await open()
      await add(store, ratesOf(1, 1), [1, 2])
      const retention = { alertsMs: 1e15, quarantineMs: 1e15, hitsMs: 1e15, maxBytes: 1e15 }
      const kept = async (now: number) => {
        await store.sweep(retention, now)
        return (await store.sizes())['rates']
      }
      expect(await kept(start + 300 * minute)).toBe(1)
      await digests(store)
      expect(await kept(start + 2 * minute)).toBe(1)
      expect(await kept(start + 62 * minute)).toBe(0)
    })

    it('updates the digest of a window that was told before its end', async () => {
      const { store } = await open()
      const rates = ratesOf(1, 1)
      await add(store, rates, [1, 2])
      const [first] = (await store.raiseDigests({ now: start, all: true })).alerts
      await add(store, rates, [3], {}, start + 1)
      const [second] = await digests(store)
      expect(second).toMatchObject({ updates: first!.id, record: { data: { count: 2 } } })
      expect(second!.id).not.toBe(first!.id)
    })

    it('sends an update the way of its alert, and does not count it', async () => {
      const { store } = await open()
      const rates = ratesOf(1, 1)
      const window = { count: 1 }
      await add(store, rates, [1, 2], { key: 'told', window })
      await add(store, rates, [3, 4], { key: 'digested', window })
      await store.settle([{ alert: (await claimed(store))[0]!.id, output, state: 'sent' }], start)
      const { alerts } = await store.closeWindows({ now: start + 1, latenessMs: 0, all: true, rates })
      expect(alerts).toHaveLength(2)
      expect(await digests(store)).toMatchObject([{ record: { data: { count: 1, alerts: [expect.anything()] } } }])
      expect((await claimed(store)).map(({ title }) => title).toSorted()).toEqual([
        '1 more alert of rule',
        'rule on told',
      ])
    })
  })
}
