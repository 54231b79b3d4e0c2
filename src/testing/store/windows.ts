import { describe, expect, it } from 'vitest'
import type { Alert, Hit, Store } from '../../core/contracts/index.ts'
import { commitOf, minute, type OpenStore, type SampleHit, sampleHit, start } from './samples.ts'

const brief = ({ id, updates, mergedFrom }: Alert) => ({ id, updates, count: mergedFrom?.count })

/** Windows: what opens an alert, and the one update that follows. */
export function windowContract(open: OpenStore): void {
  const commit = (store: Store, samples: readonly SampleHit[], now = start) =>
    store.commit(commitOf({ hits: samples.map(sampleHit), now }))
  const closeAll = (store: Store) => store.closeWindows({ now: start, latenessMs: 0, all: true })

  describe('merge windows', () => {
    const merge = { count: 1 }

    it('tells the first hit at once and the rest as one update', async () => {
      const { store } = await open()
      const { alerts, joined } = await commit(store, [
        { n: 1, window: merge, data: { host: 'k', user: 'ann', pid: 1 } },
      ])
      expect(alerts).toHaveLength(1)
      expect(alerts[0]).not.toHaveProperty('mergedFrom')
      expect(joined.size).toBe(0)
      const more = await commit(store, [
        { n: 2, window: merge, data: { host: 'k', user: 'ann', pid: 2 } },
        { n: 3, window: merge, data: { host: 'k', user: 'ann', pid: 3 } },
      ])
      expect(more.alerts).toEqual([])
      expect([...more.joined]).toEqual([[alerts[0]!.id, 2]])

      const closed = await closeAll(store)
      expect(closed.alerts).toHaveLength(1)
      expect(closed.alerts[0]).toMatchObject({
        updates: alerts[0]!.id,
        title: alerts[0]!.title,
        mergedFrom: {
          count: 3,
          first: new Date(start + 1).toISOString(),
          last: new Date(start + 3).toISOString(),
          by: { host: 'k' },
          records: ['record-1', 'record-2', 'record-3'],
          common: { user: 'ann' },
          differences: { pid: [1, 2, 3] },
        },
      })
      expect(closed.alerts[0]!.id).not.toBe(alerts[0]!.id)
      expect(await closeAll(store)).toEqual({ alerts: [], joined: new Map() })
    })

    it('says nothing more of a single hit', async () => {
      const { store } = await open()
      await commit(store, [{ n: 1, window: merge }])
      expect((await closeAll(store)).alerts).toEqual([])
    })

    it('keeps rules, keys, windows and modes apart', async () => {
      const { store } = await open()
      const { alerts } = await commit(store, [
        { n: 1, window: merge },
        { n: 2, window: merge, key: 'other' },
        { n: 3, window: merge, rule: 'other' },
        { n: 4, window: merge, at: minute },
        { n: 5, window: merge, mode: 'staged' },
      ])
      expect(new Set(alerts.map((alert) => alert.id)).size).toBe(5)
    })

    it('closes when the window has ended and its last hit has been there for the lateness', async () => {
      const { store } = await open()
      await commit(
        store,
        [
          { n: 1, window: merge },
          { n: 2, window: merge },
        ],
        start + 50_000,
      )
      const close = async (now: number) => {
        const { alerts, nextClose } = await store.closeWindows({ now, latenessMs: 30_000, all: false })
        return [alerts.length, nextClose]
      }
      expect(await close(start + minute + 29_999)).toEqual([0, start + minute + 30_000])
      await commit(store, [{ n: 3, window: merge }], start + 80_000)
      expect(await close(start + 109_999)).toEqual([0, start + 110_000])
      expect(await close(start + 110_000)).toEqual([1, undefined])
      expect(await close(start + 10 * minute)).toEqual([0, undefined])
    })

    it('makes a further update of hits that come after the closing', async () => {
      const { store } = await open()
      const { alerts } = await commit(store, [
        { n: 1, window: merge },
        { n: 2, window: merge },
      ])
      const first = (await closeAll(store)).alerts
      await commit(store, [
        { n: 3, window: merge },
        { n: 2, window: merge },
      ])
      const second = (await closeAll(store)).alerts
      expect([...first, ...second].map(brief)).toEqual([
        { id: expect.any(String), updates: alerts[0]!.id, count: 2 },
        { id: expect.any(String), updates: alerts[0]!.id, count: 3 },
      ])
      expect(first[0]!.id).not.toBe(second[0]!.id)
    })

    it('gives the update the highest severity and all outputs of its hits', async () => {
      const { store } = await open()
      await commit(store, [
        { n: 1, window: merge, severity: 'low', outputs: ['file:a'] },
        { n: 2, window: merge, severity: 'critical', outputs: ['file:a', 'file:b'] },
        { n: 3, window: merge, severity: 'info', outputs: [] },
      ])
      const { alerts } = await closeAll(store)
      expect(alerts).toMatchObject([{ severity: 'critical', outputs: ['file:a', 'file:b'] }])
      expect((await store.due()).map(({ output, count }) => [output, count])).toEqual([
        ['file:a', 2],
        ['file:b', 1],
      ])
    })

    describe('with a limit', () => {
      const limited = { count: 1, limit: 3 }
      const many = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, n) => ({ n: from + n, window: limited, severity: 'low' as const }))

      it('opens an alert for each so many hits, and updates each with its own at the end', async () => {
        const { store } = await open()
        const first = await commit(store, many(0, 2))
        const second = await commit(store, [
          ...many(2, 7),
          { n: 7, window: limited, severity: 'high', outputs: ['file:b'] },
        ])
        expect([first.alerts.length, second.alerts.length]).toEqual([1, 2])
        expect([...second.joined.values()]).toEqual([4])
        const opened = [...first.alerts, ...second.alerts].map(({ id }) => id)
        const { alerts } = await closeAll(store)
        expect(
          alerts.map(({ updates, severity, outputs, mergedFrom }) => ({
            updates,
            severity,
            outputs,
            records: mergedFrom!.records,
          })),
        ).toEqual([
          {
            updates: opened[0],
            severity: 'low',
            outputs: ['file:alerts'],
            records: ['record-0', 'record-1', 'record-2'],
          },
          {
            updates: opened[1],
            severity: 'low',
            outputs: ['file:alerts'],
            records: ['record-3', 'record-4', 'record-5'],
          },
          {
            updates: opened[2],
            severity: 'high',
            outputs: ['file:alerts', 'file:b'],
            records: ['record-6', 'record-7'],
          },
        ])
        expect((await closeAll(store)).alerts).toEqual([])
      })

      it('tells of late hits only where they make a difference to a count', async () => {
        const { store } = await open()
        const { alerts } = await commit(store, many(0, 5))
        await closeAll(store)
        const late = await commit(store, many(5, 8))
        expect(late.alerts).toHaveLength(1)
        expect((await closeAll(store)).alerts.map(brief)).toEqual([
          { id: expect.any(String), updates: alerts[1]!.id, count: 3 },
          { id: expect.any(String), updates: late.alerts[0]!.id, count: 2 },
        ])
      })

      it('says nothing more of an alert with one hit', async () => {
        const { store } = await open()
        expect((await commit(store, many(0, 4))).alerts).toHaveLength(2)
        expect((await closeAll(store)).alerts.map(({ mergedFrom }) => mergedFrom!.count)).toEqual([3])
        const one = { count: 1, limit: 1 }
        expect(
          (
            await commit(
              store,
              [8, 9].map((n) => ({ n, window: one, key: 'one' })),
            )
          ).alerts,
        ).toHaveLength(2)
        expect((await closeAll(store)).alerts).toEqual([])
      })
    })

    it('bounds what a summary of many hits holds', async () => {
      const { store } = await open()
      await commit(
        store,
        Array.from({ length: 1500 }, (_, n) => ({ n, window: merge })),
      )
      const { alerts } = await closeAll(store)
      const summary = alerts[0]!.mergedFrom!
      expect(summary).toMatchObject({ count: 1500, last: new Date(start + 1499).toISOString() })
      expect(summary.records).toHaveLength(100)
      expect(summary.differences['n']).toHaveLength(20)
    })
  })

  describe('thresholds', () => {
    const openings = async (samples: readonly SampleHit[]) => {
      const { store } = await open()
      return (await commit(store, samples)).alerts.map((alert) => [alert.record.id, alert.mergedFrom!.count])
    }
    const at =
      (window: Partial<NonNullable<Hit['window']>>) =>
      (n: number, time: number, more: object = {}) => ({
        n,
        at: time,
        window: { ...window, ...more },
      })

    it('opens with the hit that completes the count, and tells those up to it', async () => {
      const { store } = await open()
      const hit = at({ count: 3 })
      expect((await commit(store, [hit(1, 1000), hit(2, 2000)])).alerts).toEqual([])
      const { alerts, joined } = await commit(store, [hit(3, 3000), hit(4, 4000)])
      expect(alerts).toMatchObject([
        { record: { id: 'record-3' }, mergedFrom: { count: 3, records: ['record-1', 'record-2', 'record-3'] } },
      ])
      expect([...joined]).toEqual([[alerts[0]!.id, 1]])
      expect((await closeAll(store)).alerts.map(brief)).toEqual([
        { id: expect.any(String), updates: alerts[0]!.id, count: 4 },
      ])
    })

    it('says nothing more when no further hit came, and nothing at all below the count', async () => {
      const { store } = await open()
      const hit = at({ count: 3 })
      await commit(
        store,
        [1, 2, 3].map((n) => hit(n, n)),
      )
      await commit(
        store,
        [4, 5].map((n) => ({ ...hit(n, n), key: 'other' })),
      )
      expect((await closeAll(store)).alerts).toEqual([])
      expect(await store.alerts({ limit: 10 })).toHaveLength(1)
    })

    it('counts over the border of two windows, exactly', async () => {
      const hit = at({ count: 3 })
      expect(await openings([hit(1, 30_000), hit(2, 50_000), hit(3, minute + 29_999)])).toEqual([['record-3', 3]])
      expect(await openings([hit(1, 30_000), hit(2, 50_000), hit(3, minute + 30_000)])).toEqual([])
      // The hit that was missing comes last, and lies in the window before.
      expect(await openings([hit(3, minute + 10_000), hit(2, 50_000), hit(1, 30_000)])).toEqual([['record-3', 3]])
    })

    it('counts distinct values', async () => {
      const hit = at({ count: 3 })
      expect(await openings([1, 2, 3, 4].map((n) => hit(n, n, { distinct: n < 4 ? 'a' : 'b' })))).toEqual([])
      expect(await openings([1, 2, 3, 4].map((n) => hit(n, n, { distinct: String(n % 3) })))).toEqual([['record-3', 3]])
      const long = 'x'.repeat(100_000)
      expect(await openings([1, 2, 3].map((n) => hit(n, n, { distinct: long + n })))).toEqual([['record-3', 3]])
      expect(await openings([1, 2, 3].map((n) => hit(n, n, { distinct: long })))).toEqual([])
      // A value of the window before counts as of its latest time.
      const early = [
        hit(1, 1000, { distinct: 'a' }),
        hit(2, 59_000, { distinct: 'a' }),
        hit(3, 59_500, { distinct: 'b' }),
      ]
      expect(await openings([...early, hit(4, minute + 30_000, { distinct: 'c' })])).toEqual([['record-4', 3]])
    })

    it('opens when a completing hit follows the counted ones', async () => {
      const fail = { then: false }
      const success = { then: true }
      const hit = at({ count: 3 })
      const fails = [hit(1, 1000, fail), hit(2, 2000, fail), hit(3, 3000, fail)]
      expect(await openings(fails)).toEqual([])
      expect(await openings([...fails, hit(4, 2500, success)])).toEqual([])
      expect(await openings([...fails, hit(4, 3000, success)])).toEqual([['record-4', 4]])
      expect(await openings([hit(4, 9000, success), ...fails])).toEqual([['record-4', 4]])
      expect(await openings([hit(5, 1, success), hit(6, 2, success), hit(7, 3, success)])).toEqual([])
      expect(await openings([...fails, hit(4, minute + 30_000, success)])).toEqual([])
      expect(await openings([...fails, hit(4, minute + 500, success)])).toEqual([['record-4', 4]])
    })
  })
}
