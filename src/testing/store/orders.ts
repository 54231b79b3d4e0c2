import { describe, expect, it } from 'vitest'
import type { Alert, Hit, Store } from '../../core/contracts/index.ts'
import { commitOf, minute, type OpenStore, randomOf, sampleHit, shuffled, start } from './samples.ts'

/** Hundreds of hits of rules of every kind, over a few windows, many at the same moment. */
function stream(seed: number): Hit[] {
  const random = randomOf(seed)
  const windows = [
    ['single', undefined],
    ['merge', { count: 1 }],
    ['limited', { count: 1, limit: 3 }],
    ['count', { count: 4 }],
    ['distinct', { count: 3 }],
    ['then', { count: 3 }],
    ['distinct-then', { count: 2 }],
  ] as const
  return Array.from({ length: 500 }, (_, n) => {
    const [rule, window] = windows[n % windows.length]!
    // Sparse enough that many windows are open by one hit only.
    const at = Math.floor(random() * 40) * (minute / 4)
    const distinct = rule.startsWith('distinct') && { distinct: `v${Math.floor(random() * 5)}` }
    const then = rule.endsWith('then') && { then: random() < 0.4 }
    return sampleHit({
      n,
      at,
      rule,
      key: `k${Math.floor(random() * 5)}`,
      ...(window && { window: { ...window, ...distinct, ...then } }),
    })
  })
}

/** Window (rule, key, start) of each alert that must open, worked out the slow way. */
function expectedWindows(hits: readonly Hit[]): string[] {
  const opened = new Set<string>()
  const further: string[] = []
  for (const hit of hits) {
    const { window, rule } = hit
    if (!window) continue
    const within = hits.filter(
      (other) =>
        other.rule === rule &&
        other.window!.key === window.key &&
        other.window!.then !== true &&
        other.record.time <= hit.record.time &&
        other.record.time > hit.record.time - window.lengthMs,
    )
    const values = new Set(within.map((other) => other.window!.distinct ?? other.id))
    const opens =
      window.count === 1 && window.then === undefined ? true : window.then !== false && values.size >= window.count
    if (opens) opened.add(`${rule} ${window.key} ${window.start}`)
  }
  for (const [id, { length }] of Object.entries(
    Object.groupBy(
      hits.filter((hit) => hit.window?.limit !== undefined),
      ({ rule, window }) => `${rule} ${window!.key} ${window!.start}`,
    ) as Record<string, readonly Hit[]>,
  )) {
    further.push(...Array<string>(Math.ceil(length / 3) - 1).fill(id))
  }
  return [...opened, ...further].sort()
}

const windowOf = (alert: Alert) =>
  `${alert.rule} ${JSON.stringify([alert.record.data['host']])} ${Math.floor(alert.record.time / minute) * minute}`

/** Everything that a store says of a stream that comes in commits of any size, some of them twice. */
async function alertsOf(store: Store, hits: readonly Hit[], random: () => number): Promise<Alert[]> {
  const alerts: Alert[] = []
  for (let at = 0; at < hits.length; ) {
    const size = 1 + Math.floor(random() ** 3 * 200)
    const batch = commitOf({ hits: hits.slice(at, at + size) })
    alerts.push(...(await store.commit(batch)).alerts)
    if (random() < 0.2) alerts.push(...(await store.commit(batch)).alerts)
    at += size
  }
  alerts.push(...(await store.closeWindows({ now: start, latenessMs: minute, all: true })).alerts)
  return alerts
}

/** The same alerts, whatever the order and the batches. */
export function orderContract(open: OpenStore): void {
  describe('in any order and any batches', () => {
    it.each([1, 2])('gives the same alerts (seed %i)', async (seed) => {
      const hits = stream(seed)
      const random = randomOf(seed)
      const inOrder = hits.toSorted((one, other) => one.record.time - other.record.time)
      const orders = [inOrder, shuffled(hits, random), shuffled(hits, random), inOrder.toReversed()]
      const runs: Alert[][] = []
      for (const order of orders) runs.push(await alertsOf((await open()).store, order, random))

      const told = (alerts: readonly Alert[]) =>
        alerts
          .map(({ id, updates, mergedFrom }) => ({ id, ...(updates && { updates, mergedFrom }) }))
          .sort((one, other) => (one.id < other.id ? -1 : 1))
      for (const run of runs) {
        expect(told(run)).toEqual(told(runs[0]!))
        expect(new Set(run.map((alert) => alert.id)).size).toBe(run.length)
        const openings = run.filter((alert) => !alert.updates && alert.rule !== 'single')
        expect(openings.map(windowOf).sort()).toEqual(expectedWindows(hits))
        expect(run.filter((alert) => alert.rule === 'single')).toHaveLength(hits.filter((hit) => !hit.window).length)
      }
    })
  })
}
