import type { Alert, Hit, HitWindow } from '../../core/contracts/index.ts'
import { type Hash, shareId, updateId, windowId } from '../../core/ids.ts'
import {
  alertOf,
  type Completion,
  completes,
  completion,
  contributes,
  isThreshold,
  type Seen,
  updateOf,
} from '../../core/merge/index.ts'
import { openedShares, untoldShares } from '../../core/merge/shares.ts'
import { sampleSize, summarise } from '../../core/merge/summary.ts'

/** A hit that falls into a window. */
export type WindowedHit = Hit & { readonly window: HitWindow }

/** A window and its hits, in order of event time; of two at the same time, one that only counts comes first. */
export interface Window {
  readonly id: string
  readonly previous: string
  readonly next: string
  readonly policy: HitWindow
  readonly hits: WindowedHit[]
  arrived: number
  /** Its alerts; more than one where a merge has a limit. */
  readonly opened: Alert[]
  /** Hits that were told when it closed last. */
  told?: number
  /** True while something may be left to tell. */
  ready: boolean
}

export const isWindowed = (hit: Hit): hit is WindowedHit => hit.window !== undefined

export function createWindow(hash: Hash, { rule, mode, window }: WindowedHit): Window {
  const at = (start: number) => windowId(hash, rule, window.key, start, mode)
  const { start, lengthMs } = window
  const ids = { id: at(start), previous: at(start - lengthMs), next: at(start + lengthMs) }
  return { ...ids, policy: window, hits: [], opened: [], arrived: 0, ready: false }
}

const earlier = (one: WindowedHit, other: WindowedHit): number =>
  one.record.time - other.record.time ||
  Number(completes(one.window)) - Number(completes(other.window)) ||
  (one.id < other.id ? -1 : 1)

/** Enters hits into their window. */
export function enter(window: Window, hits: readonly WindowedHit[], now: number): void {
  window.hits.push(...hits)
  window.hits.sort(earlier)
  window.arrived = Math.max(window.arrived, now)
  window.ready = window.opened.length > 0
}

/** The hits that a window's alert stands for, and the one that opens it. */
interface Reach {
  readonly opening: WindowedHit
  /** How many of `hits` it takes to open. */
  readonly told: number
  readonly hits: readonly WindowedHit[]
}

function reachOf(window: Window, previous: Window | undefined): Reach | undefined {
  const { policy, hits } = window
  if (!isThreshold(policy)) return hits[0] && { opening: hits[0], told: 1, hits }
  const completed = completedBy(window, previous)
  if (!completed) return undefined
  const { time, needed } = completed
  const early = previous?.hits.filter((hit) => hit.record.time > time - policy.lengthMs) ?? []
  const sooner = hits.filter((hit) => hit.record.time < time || (hit.record.time === time && !completes(hit.window)))
  return {
    opening: hits.find((hit) => hit.record.time === time && completes(hit.window))!,
    told: early.length + sooner.length + needed,
    hits: [...early, ...hits],
  }
}

function completedBy({ policy, hits }: Window, previous: Window | undefined): Completion | undefined {
  const completing = hits.filter((hit) => completes(hit.window)).map((hit) => hit.record.time)
  return completion(policy, {
    current: firstOfEach(hits),
    previous: firstOfEach(previous?.hits.toReversed() ?? []),
    ...(policy.then !== undefined && { completing }),
  })
}

/** Each counted value once, at the time of the first hit that has it. */
function firstOfEach(hits: readonly WindowedHit[]): Seen[] {
  const seen = new Map<string, number>()
  for (const { id, window, record } of hits) {
    const value = window.distinct ?? id
    if (contributes(window) && !seen.has(value)) seen.set(value, record.time)
  }
  return [...seen].map(([value, time]) => ({ value, time }))
}

const summaryOf = (window: Window, hits: readonly WindowedHit[]) =>
  summarise({
    by: window.policy.by,
    count: hits.length,
    first: hits[0]!.record.time,
    last: hits.at(-1)!.record.time,
    records: hits.slice(0, sampleSize).map((hit) => hit.record),
  })

/** Enters hits into the window of a merge; answers the alerts that they open, and how many hits joined what was open. */
export function merge(
  hash: Hash,
  window: Window,
  added: readonly WindowedHit[],
  now: number,
): { readonly alerts: readonly Alert[]; readonly joined: number } {
  const before = window.hits.length
  enter(window, added, now)
  const { limit } = window.policy
  const inOrder = added.toSorted(earlier)
  const alerts = openedShares(before, window.hits.length, limit).map((index) =>
    alertOf(shareId(hash, window.id, index), inOrder[index === 0 ? 0 : index * limit! - before]!, now),
  )
  window.opened.push(...alerts)
  window.ready = true
  return { alerts, joined: added.length - alerts.length }
}

/** Opens a threshold's alert if its hits allow that; answers also how many more hits it already holds. */
export function open(
  window: Window,
  previous: Window | undefined,
  now: number,
): { alert: Alert; more: number } | undefined {
  const reach = reachOf(window, previous)
  if (!reach) return undefined
  const alert = alertOf(window.id, reach.opening, now, summaryOf(window, reach.hits.slice(0, reach.told)))
  window.opened.push(alert)
  window.ready = true
  return { alert, more: reach.hits.length - reach.told }
}

/** The time from which on a window may close: it has ended, and had its last hit. */
export const readyAt = ({ policy, arrived }: Window): number => Math.max(policy.start + policy.lengthMs, arrived)

/** Closes the window: updates of its alerts, where they stand for more hits than were told. */
export function close(hash: Hash, window: Window, previous: Window | undefined, now: number): Alert[] {
  window.ready = false
  const reach = reachOf(window, previous)
  if (!reach) return []
  const { hits } = reach
  const told = window.told ?? reach.told
  window.told = Math.max(told, hits.length)
  return untoldShares(told, hits.length, window.policy.limit).flatMap(({ index, from, to }) => {
    const opening = window.opened[index]
    const share = hits.slice(from, to)
    if (!opening) return []
    const asked = isThreshold(window.policy) ? window.hits : share
    return [
      updateOf(opening, { id: updateId(hash, opening.id, to - from), now, hits: asked }, summaryOf(window, share)),
    ]
  })
}
