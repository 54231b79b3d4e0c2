/**
 * The fold from hits to alerts, without a store: what opens an alert, what it says, and when an update follows.
 * Why it looks as it does: docs/decisions/0003-windows.md.
 *
 * What opens a window's alert is monotone in the set of hits (a further hit can open, never close), and no id depends on
 * which hit came first. So a store may take hits in any order and any batches, and two writers may fold at once:
 * whoever stores a hit first and looks second will see the opening, and storing the alert twice stores it once.
 */
import type { Alert, Hit, HitWindow, MergeSummary, Mode } from '../contracts/index.ts'
import { highestSeverity } from '../severity.ts'

/** Alerts of staged rules and of runs over history for comparison are stored, and go nowhere. */
export const isDelivered = (mode: Mode): boolean => mode === 'live' || mode === 'replay'

/** True when one hit is not enough, or not any hit: the window opens by what lies around, not by its first hit. */
export const isThreshold = (window: Pick<HitWindow, 'count' | 'distinct' | 'then'>): boolean =>
  window.count > 1 || window.distinct !== undefined || window.then !== undefined

/** True for a hit that can complete a count; one with `then: false` only adds to it. */
export const completes = (window: Pick<HitWindow, 'then'>): boolean => window.then !== false

/** True for a hit that adds to a count; one with `then: true` only completes it. */
export const contributes = (window: Pick<HitWindow, 'then'>): boolean => window.then !== true

/** The alert of one hit. `id`: the hit's own, or its window's. `now`: epoch milliseconds. */
export function alertOf(id: string, hit: Omit<Hit, 'id' | 'window'>, now: number, mergedFrom?: MergeSummary): Alert {
  const { record } = hit
  return {
    id,
    rule: hit.rule,
    severity: hit.severity,
    title: hit.title,
    description: hit.description,
    createdAt: new Date(now).toISOString(),
    cluster: record.cluster,
    source: record.source,
    schema: record.schema,
    record,
    outputs: hit.outputs,
    context: hit.context,
    staged: hit.mode === 'staged',
    ...(mergedFrom && { mergedFrom }),
  }
}

/**
 * The update of an opening alert once its window has closed: the same incident, with the highest severity and all
 * outputs that any of its hits asked for, so that a grave hit which joined a harmless one still reaches its people.
 */
export function updateOf(
  opening: Alert,
  update: { readonly id: string; readonly now: number; readonly hits: readonly Pick<Hit, 'severity' | 'outputs'>[] },
  mergedFrom: MergeSummary,
): Alert {
  return {
    ...opening,
    id: update.id,
    severity: highestSeverity([opening.severity, ...update.hits.map((hit) => hit.severity)]),
    createdAt: new Date(update.now).toISOString(),
    outputs: [...new Set([...opening.outputs, ...update.hits.flatMap((hit) => hit.outputs)])],
    mergedFrom,
    updates: opening.id,
  }
}

/** A counted value (the hit's id, where hits are counted) and when it was seen, in epoch milliseconds. */
export interface Seen {
  readonly value: string
  readonly time: number
}

/**
 * All that decides whether a threshold window opens. Never more than `count` values on either side are needed, so a
 * flood costs no more than a trickle.
 */
export interface Evidence {
  /** Values counted in the window before, each at its latest time: the newest `count`, newest first. */
  readonly previous: readonly Seen[]
  /** Values counted in this window, each at its earliest time: the earliest `count`, earliest first. */
  readonly current: readonly Seen[]
  /**
   * Only with `then`, ascending: times of completing hits, namely the first one at or after the window's start, and the
   * first one at or after each time in `current`. (Between two of those times, an earlier hit sees no fewer values.)
   */
  readonly completing?: readonly number[]
}

/** The moment that completes a count. */
export interface Completion {
  /** Event time of the first hit that completes it, epoch milliseconds. */
  readonly time: number
  /** How many hits at that very time it takes, beside those before it. */
  readonly needed: number
}

/**
 * The first moment t in the window at which (t - lengthMs, t] holds at least `count` values, with a completing hit at t.
 * Undefined: none yet.
 */
export function completion(
  policy: { readonly count: number; readonly lengthMs: number },
  evidence: Evidence,
): Completion | undefined {
  const { previous, current } = evidence
  const values = new Set(previous.map((seen) => seen.value))
  const here = new Set<string>()
  let oldest = previous.length - 1
  let next = 0
  for (const time of evidence.completing ?? current.map((seen) => seen.time)) {
    for (; oldest >= 0 && previous[oldest]!.time <= time - policy.lengthMs; oldest--) {
      if (!here.has(previous[oldest]!.value)) values.delete(previous[oldest]!.value)
    }
    const before = values.size
    for (; next < current.length && current[next]!.time <= time; next++) {
      here.add(current[next]!.value)
      values.add(current[next]!.value)
    }
    if (values.size < policy.count) continue
    return { time, needed: evidence.completing ? 1 : Math.max(policy.count - before, 1) }
  }
  return undefined
}
