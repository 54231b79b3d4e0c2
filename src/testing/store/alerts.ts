import { describe, expect, it } from 'vitest'
import { commitOf, minute, type OpenStore, sampleHit, start } from './samples.ts'

/** Alerts: stored once, found again. */
export function alertContract(open: OpenStore): void {
  describe('alerts', () => {
    it('makes one alert of each hit without a window, under the id of the hit', async () => {
      const { store } = await open()
      const hit = sampleHit({ n: 1, outputs: ['file:a', 'file:b', 'file:a'], severity: 'high' })
      const { alerts, joined } = await store.commit(commitOf({ hits: [hit], now: start + 5 }))
      const { window: _, mode: _mode, ...same } = hit
      expect(alerts).toEqual([
        {
          ...same,
          createdAt: new Date(start + 5).toISOString(),
          cluster: 'prod',
          source: 'file:logs',
          schema: 'vendor:type',
          staged: false,
        },
      ])
      expect(joined.size).toBe(0)
      const waiting = { state: 'pending', attempts: 0 }
      const stored = {
        alert: alerts[0],
        deliveries: [
          { output: 'file:a', ...waiting },
          { output: 'file:b', ...waiting },
        ],
      }
      expect(await store.alert(hit.id)).toEqual(stored)
      expect(await store.alerts({ limit: 10 })).toEqual([stored])
    })

    it('adds nothing when a hit comes again, in the same commit or a later one', async () => {
      const { store } = await open()
      const hit = sampleHit({ n: 1 })
      const merged = sampleHit({ n: 2, rule: 'merged', window: { count: 1 } })
      expect((await store.commit(commitOf({ hits: [hit, hit, merged, merged] }))).alerts).toHaveLength(2)
      const again = await store.commit(commitOf({ hits: [merged, hit] }))
      expect(again).toEqual({ alerts: [], joined: new Map() })
      expect((await store.closeWindows({ now: start, latenessMs: 0, all: true })).alerts).toEqual([])
      expect(await store.due()).toMatchObject([{ output: 'file:alerts', count: 2 }])
    })

    it('stores alerts of staged rules and backtests, and delivers none of them', async () => {
      const { store } = await open()
      const modes = ['live', 'staged', 'replay', 'backtest'] as const
      const window = { count: 1 }
      for (const mode of modes) {
        const hits = [sampleHit({ n: 1, mode }), sampleHit({ n: 2, mode, window }), sampleHit({ n: 3, mode, window })]
        await store.commit(commitOf({ hits }))
      }
      await store.closeWindows({ now: start, latenessMs: 0, all: true })
      const alerts = await store.alerts({ limit: 100 })
      expect(alerts).toHaveLength(12)
      expect(alerts.filter(({ alert }) => alert.staged)).toHaveLength(3)
      expect(alerts.filter(({ deliveries }) => deliveries.length > 0)).toHaveLength(6)
      expect(await store.alerts({ staged: true, limit: 100 })).toHaveLength(3)
    })

    it('finds alerts by their fields, the newest first', async () => {
      const { store } = await open()
      for (const n of [1, 2, 3, 4]) {
        const hit = sampleHit({ n, rule: n % 2 ? 'odd' : 'even', severity: n < 3 ? 'low' : 'high' })
        await store.commit(commitOf({ hits: [hit], now: start + n }))
      }
      const found = async (query: object) =>
        (await store.alerts({ limit: 10, ...query })).map(({ alert }) => alert.context['n'])
      expect(await found({})).toEqual([4, 3, 2, 1])
      expect(await found({ limit: 2 })).toEqual([4, 3])
      expect(await found({ limit: 2, skip: 1 })).toEqual([3, 2])
      expect(await found({ rule: 'odd' })).toEqual([3, 1])
      expect(await found({ severity: 'high', rule: 'even' })).toEqual([4])
      expect(await found({ since: start + 3 })).toEqual([4, 3])
      expect(await found({ cluster: 'office' })).toEqual([])
      expect(await found({ cluster: 'prod', staged: false })).toHaveLength(4)
    })

    it('counts alerts by their fields, without updates', async () => {
      const { store } = await open()
      const window = { count: 1 }
      for (const n of [1, 2, 3, 4]) {
        const plain = sampleHit({ n, rule: n % 2 ? 'odd' : 'even', mode: n === 4 ? 'live' : 'staged' })
        const merged = sampleHit({ n, rule: 'merged', mode: 'staged', window })
        await store.commit(commitOf({ hits: [plain, merged], now: start + n }))
      }
      const { alerts } = await store.closeWindows({ now: start + 9, latenessMs: 0, all: true })
      expect(alerts).toMatchObject([{ rule: 'merged', mergedFrom: { count: 4 } }])
      const count = (query: object) => store.countAlerts({ limit: 10, ...query })
      expect(await count({})).toBe(5)
      expect(await count({ limit: 3 })).toBe(3)
      expect(await count({ staged: true })).toBe(4)
      expect(await count({ staged: true, rule: 'even' })).toBe(1)
      expect(await count({ staged: true, rule: 'odd', since: start + 2 })).toBe(1)
      expect(await count({ staged: true, rule: 'merged', since: start + 1 })).toBe(1)
      expect(await count({ staged: true, rule: 'silent' })).toBe(0)
    })

    it('adds nothing for a hit that was seen under another id', async () => {
      const { store } = await open()
      const window = { count: 1 }
      const hits = (mode: 'staged' | 'live', ...ns: number[]) =>
        ns.flatMap((n) => {
          const made = [sampleHit({ n, mode }), sampleHit({ n, mode, rule: 'merged', window })]
          const seenAs = ({ rule }: { rule: string }) => sampleHit({ n, rule, mode: 'staged' }).id
          return mode === 'live' ? made.map((hit) => ({ ...hit, seenAs: seenAs(hit) })) : made
        })
      await store.commit(commitOf({ hits: hits('staged', 1, 2) }))
      const { alerts } = await store.commit(commitOf({ hits: hits('live', 1, 2, 3) }))
      expect(alerts.map(({ rule, context, staged }) => [rule, context['n'], staged])).toEqual([
        ['rule', 3, false],
        ['merged', 3, false],
      ])
      const closed = await store.closeWindows({ now: start, latenessMs: 0, all: true })
      expect(closed.alerts).toMatchObject([{ staged: true, mergedFrom: { count: 2 } }])
    })

    it('gives all alerts in their order to whoever keeps a cursor, also when those before were removed', async () => {
      const { store } = await open()
      const named = async (after: number, limit = 10) => {
        const { alerts, last } = await store.alertsAfter(after, limit)
        return { names: alerts.map(({ context }) => context['n']), last }
      }
      expect(await named(0)).toEqual({ names: [], last: 0 })
      expect(await store.lastAlert()).toBe(0)
      const add = (...ns: number[]) =>
        store.commit(
          commitOf({ hits: ns.map((n) => sampleHit({ n, outputs: [], mode: n === 2 ? 'staged' : 'live' })) }),
        )
      await add(1, 2, 3)
      const { names, last } = await named(0, 2)
      expect(names).toEqual([1, 2])
      expect((await named(last)).names).toEqual([3])
      const end = await store.lastAlert()
      expect(await named(end)).toEqual({ names: [], last: end })
      await store.sweep({ alertsMs: 1, quarantineMs: 1, hitsMs: 1, maxBytes: 1e12 }, start + minute)
      expect(await store.alerts({ limit: 1 })).toEqual([])
      expect(await store.lastAlert()).toBe(end)
      await add(4, 5)
      expect((await named(end)).names).toEqual([4, 5])
    })

    it('finds one alert by the beginning of its id', async () => {
      const { store } = await open()
      const hits = [0x12345, 0x12346, 0xabcdef].map((n) => sampleHit({ n }))
      await store.commit(commitOf({ hits }))
      expect((await store.alert('00abc'))?.alert.id).toBe(hits[2]!.id)
      expect((await store.alert(hits[0]!.id))?.alert.id).toBe(hits[0]!.id)
      await expect(store.alert('00012')).rejects.toMatchObject({ code: 'AMBIGUOUS' })
      expect(await store.alert('00a')).toBeUndefined()
      expect(await store.alert('ffff')).toBeUndefined()
    })

    it('keeps data of any kind as it was', async () => {
      const { store } = await open()
      const data = JSON.parse(
        `{"__proto__":{"x":1},"constructor":"c","text":"ü\\u0000\\ud800 \\u2028","big":1e308,"list":[null,{"":[]}],"long":"${'x'.repeat(200_000)}"}`,
      ) as Record<string, unknown>
      const windowed = { n: 2, rule: 'merged', data, window: { count: 1 } }
      const hits = [sampleHit({ n: 1, data }), sampleHit(windowed), sampleHit({ ...windowed, n: 3 })]
      await store.commit(commitOf({ hits }))
      const { alerts } = await store.closeWindows({ now: start, latenessMs: 0, all: true })
      expect(JSON.stringify((await store.alert(hits[0]!.id))?.alert.record.data)).toBe(JSON.stringify(data))
      expect(JSON.stringify(alerts[0]!.mergedFrom!.common)).toBe(JSON.stringify(data))
    })
  })
}
