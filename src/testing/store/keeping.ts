import { describe, expect, it } from 'vitest'
import type { Overview } from '../../core/contracts/index.ts'
import { commitOf, minute, type OpenStore, sampleEntry, sampleHit, start } from './samples.ts'

const verdict = { kind: 'verdict', reason: 'RULE_THREW', rule: 'broken', schema: 'a:b' } as const
const nearest = { nearest: { schema: 'a:b', field: 'x', message: 'is missing' } }

/** Quarantine, state, counters and retention. */
export function keepingContract(open: OpenStore): void {
  describe('quarantine', () => {
    it('keeps each entry once, with its bytes', async () => {
      const { store } = await open()
      const entry = sampleEntry(200, { ...nearest, firstLine: 'a,b' })
      await store.commit(commitOf({ quarantine: [entry, entry] }))
      await store.commit(commitOf({ quarantine: [entry] }))
      const found = await store.quarantine({ limit: 10 })
      expect(found).toEqual([{ ...entry, raw: expect.anything() as Uint8Array }])
      expect([...found[0]!.raw]).toEqual([...entry.raw])
    })

    it('finds entries by their fields, the newest first', async () => {
      const { store } = await open()
      const entries = [
        sampleEntry(1),
        sampleEntry(2, nearest),
        sampleEntry(3, verdict),
        sampleEntry(4, { reason: 'RECORD_TOO_LONG' }),
      ]
      await store.commit(commitOf({ quarantine: entries }))
      const found = async (query: object) =>
        (await store.quarantine({ limit: 10, ...query })).map(
          (entry) => entries.findIndex(({ id }) => id === entry.id) + 1,
        )
      expect(await found({})).toEqual([4, 3, 2, 1])
      expect(await found({ limit: 1 })).toEqual([4])
      expect(await found({ limit: 2, skip: 1 })).toEqual([3, 2])
      expect(await found({ kind: 'record', skip: 2 })).toEqual([1])
      expect(new Set(await found({ ids: [entries[0]!.id, entries[2]!.id, 'unknown'] }))).toEqual(new Set([1, 3]))
      expect(await found({ light: true })).toEqual([4, 3, 2, 1])
      expect(await found({ kind: 'verdict' })).toEqual([3])
      expect(await found({ reason: 'RECORD_NO_SCHEMA' })).toEqual([2, 1])
      expect(await found({ schema: 'a:b' })).toEqual([3, 2])
      expect(await found({ rule: 'broken' })).toEqual([3])
      expect(await found({ id: entries[1]!.id })).toEqual([2])
      expect(await found({ id: '00000004' })).toEqual([4])
      expect(await found({ id: '000' })).toEqual([])
    })

    it('groups entries, the largest group first', async () => {
      const { store } = await open()
      await store.commit(
        commitOf({
          quarantine: [sampleEntry(1, verdict), sampleEntry(2, nearest), sampleEntry(3, nearest), sampleEntry(4)],
        }),
      )
      expect(await store.quarantineGroups()).toMatchObject([
        { kind: 'record', reason: 'RECORD_NO_SCHEMA', about: 'a:b', count: 2, sample: { kind: 'record' } },
        { kind: 'record', reason: 'RECORD_NO_SCHEMA', count: 1 },
        { kind: 'verdict', reason: 'RULE_THREW', about: 'broken', count: 1, sample: { rule: 'broken' } },
      ])
    })

    it('releases what was retried, and counts it', async () => {
      const { store } = await open()
      const entries = [sampleEntry(1), sampleEntry(2), sampleEntry(3, verdict)]
      await store.commit(commitOf({ quarantine: entries }))
      await store.release([entries[0]!.id, entries[2]!.id, 'unknown'])
      expect((await store.quarantine({ limit: 10 })).map(({ id }) => id)).toEqual([entries[1]!.id])
      expect(await store.counts('retried')).toMatchObject([
        { labels: { kind: 'record', reason: 'RECORD_NO_SCHEMA' }, n: 1 },
        { labels: { kind: 'verdict', reason: 'RULE_THREW' }, n: 1 },
      ])
    })
  })

  describe('state', () => {
    it('sets, gets, lists by prefix and deletes', async () => {
      const { store } = await open()
      expect(await store.get('a/1')).toBeUndefined()
      for (const key of ['a/2', 'a/1', 'b/1', 'a', 'a/\u{1f600}'])
        expect(await store.set(key, `value of ${key}`)).toBe(true)
      expect(await store.get('a/1')).toBe('value of a/1')
      const keys = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key)
      expect(await keys('a/')).toEqual(['a/1', 'a/2', 'a/\u{1f600}'])
      expect(await keys('')).toHaveLength(5)
      expect(await store.list('b')).toEqual([{ key: 'b/1', value: 'value of b/1' }])
      await store.delete(['a/1', 'none'])
      expect(await keys('a/')).toEqual(['a/2', 'a/\u{1f600}'])
    })

    it('sets only what is as expected', async () => {
      const { store } = await open()
      expect(await store.set('k', '1', { ifEquals: '0' })).toBe(false)
      expect(await store.set('k', '1', { ifEquals: undefined })).toBe(true)
      expect(await store.set('k', '2', { ifEquals: undefined })).toBe(false)
      expect(await store.set('k', '2', { ifEquals: '1' })).toBe(true)
      expect(await store.get('k')).toBe('2')
    })

    it('is written with the results it belongs to', async () => {
      const { store } = await open()
      await store.commit(commitOf({ state: [{ key: 'k', value: '1' }] }))
      await store.commit(commitOf({ state: [{ key: 'k', value: '2' }] }))
      expect(await store.list('')).toEqual([{ key: 'k', value: '2' }])
    })
  })

  describe('counters', () => {
    it('sums by metric and labels, in whatever order the labels come', async () => {
      const { store } = await open()
      const metric = 'records' as const
      const counts = [
        { metric, labels: { source: 's', schema: 'x' }, n: 2 },
        { metric, labels: { schema: 'x', source: 's' }, n: 3 },
        { metric, labels: { schema: 'y', source: 's' }, n: 1 },
        { metric: 'bytes' as const, labels: { source: 's' }, n: 100 },
      ]
      await store.commit(commitOf({ counts }))
      await store.commit(commitOf({ counts: counts.slice(0, 1), now: start + 9 }))
      expect((await store.counts('records')).toSorted((one, other) => other.n - one.n)).toEqual([
        { metric, labels: { schema: 'x', source: 's' }, n: 7, at: start + 9 },
        { metric, labels: { schema: 'y', source: 's' }, n: 1, at: start },
      ])
      expect(await store.counts()).toHaveLength(3)
    })

    it('gives an overview of alerts and deliveries', async () => {
      const { store } = await open()
      const hits = [1, 2, 3, 4].map((n) => sampleHit({ n, mode: n === 4 ? 'staged' : 'live' }))
      await store.commit(commitOf({ hits: [...hits, sampleHit({ n: 5, rule: 'other' })] }))
      const settle = (n: number, error: string, now: number) =>
        store.settle([{ alert: hits[n]!.id, output: 'file:alerts', state: 'dead', error }], now)
      await settle(0, 'the later', start + 2)
      await settle(1, 'the earlier', start + 1)
      const all: Overview = {
        alerts: [
          { rule: 'rule', severity: 'low', staged: false, count: 3 },
          { rule: 'other', severity: 'low', staged: false, count: 1 },
          { rule: 'rule', severity: 'low', staged: true, count: 1 },
        ],
        deliveries: [
          { output: 'file:alerts', state: 'dead', count: 2, error: 'the later' },
          { output: 'file:alerts', state: 'pending', count: 2 },
        ],
      }
      expect(await store.overview()).toEqual(all)
      expect(await store.overview({ newest: 5 })).toEqual(all)
    })

    it('does not count the update of an alert as an alert', async () => {
      const { store } = await open()
      const window = { lengthMs: 60_000, count: 1 }
      await store.commit(commitOf({ hits: [1, 2].map((n) => sampleHit({ n, window })) }))
      const closed = await store.closeWindows({ now: start, latenessMs: 0, all: true })
      expect(closed.alerts).toHaveLength(1)
      expect((await store.overview()).alerts).toMatchObject([{ rule: 'rule', count: 1 }])
    })

    it('tells how much is kept', async () => {
      const { store } = await open()
      await store.commit(commitOf({ hits: [sampleHit({ n: 1 })], quarantine: [sampleEntry(1), sampleEntry(2)] }))
      expect(await store.sizes()).toMatchObject({ alerts: 1, deliveries: 1, quarantine: 2, state: 0 })
    })
  })

  describe('retention', () => {
    const day = 24 * 60 * minute
    const retention = { alertsMs: 10 * day, quarantineMs: 5 * day, hitsMs: 20 * day, maxBytes: 1e9 }
    const window = { count: 1 }

    it('removes what is past its age, and nothing that is still to be sent or told', async () => {
      const { store } = await open()
      const old = { n: 1, outputs: [] }
      const hits = [
        sampleHit(old),
        sampleHit({ n: 2 }),
        sampleHit({ n: 3, outputs: [], window }),
        sampleHit({ n: 4, outputs: [], window }),
      ]
      await store.commit(commitOf({ hits, quarantine: [sampleEntry(1)] }))
      await store.commit(
        commitOf({ hits: [sampleHit({ n: 5, outputs: [] })], quarantine: [sampleEntry(2)], now: start + 6 * day }),
      )
      await store.sweep(retention, start + 11 * day - 1)
      expect(await store.alerts({ limit: 10 })).toHaveLength(3)
      expect(await store.quarantine({ limit: 10 })).toHaveLength(1)
      // The update of an open window can still be told.
      const { alerts } = await store.closeWindows({ now: start + 11 * day, latenessMs: 0, all: true })
      expect(alerts).toMatchObject([{ mergedFrom: { count: 2 } }])
      await store.sweep(retention, start + 30 * day)
      expect((await store.alerts({ limit: 10 })).map(({ alert }) => alert.context['n'])).toEqual([2])
      expect(await store.sizes()).toMatchObject({ hits: expect.any(Number) as number, windows: 0 })
    })

    it('does not raise again what comes again after its alert was removed', async () => {
      const { store } = await open()
      const hits = [sampleHit({ n: 1, outputs: [] }), sampleHit({ n: 2, outputs: [], rule: 'merged', window })]
      await store.commit(commitOf({ hits }))
      await store.closeWindows({ now: start, latenessMs: 0, all: true })
      expect(await store.sweep(retention, start + 11 * day)).toMatchObject({ alerts: 2 })
      expect(await store.alerts({ limit: 10 })).toEqual([])
      expect((await store.commit(commitOf({ hits, now: start + 12 * day }))).alerts).toEqual([])
      await store.sweep(retention, start + 50 * day)
      expect((await store.commit(commitOf({ hits, now: start + 50 * day }))).alerts).toHaveLength(2)
    })
  })
}
