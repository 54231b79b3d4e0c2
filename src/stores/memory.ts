import { hash } from 'node:crypto'
import type {
  Alert,
  AlertQuery,
  Committed,
  Count,
  Hit,
  QuarantineEntry,
  RateLimits,
  Store,
  StoredAlert,
} from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { alertOf, isDelivered, isThreshold } from '../core/merge/index.ts'
import { createDeliveries } from './memory/deliveries.ts'
import { groupEntries, isAskedFor } from './memory/quarantine.ts'
import { createRates } from './memory/rates.ts'
import {
  close,
  createWindow,
  enter,
  isWindowed,
  merge,
  open,
  readyAt,
  type Window,
  type WindowedHit,
} from './memory/windows.ts'

interface Kept<T> {
  readonly value: T
  readonly at: number
}

/** What a call brings forth, and by which limits. */
interface Emission {
  readonly alerts: Alert[]
  readonly joined: Map<string, number>
  readonly rates: RateLimits | undefined
  readonly now: number
}

const sha256 = (text: string) => hash('sha256', text)

/** A store that ends with the process: for tests, and for looking at rules without keeping anything. */
export function createMemoryStore(): Store {
  const hits = new Map<string, number>()
  const windows = new Map<string, Window>()
  const alerts = new Map<string, Kept<Alert>>()
  const seqs = new Map<string, number>()
  let lastSeq = 0
  const deliveries = createDeliveries()
  const told = createRates()
  const quarantine = new Map<string, Kept<QuarantineEntry>>()
  const state = new Map<string, string>()
  const counters = new Map<string, Count & { at: number }>()

  const addCount = ({ metric, labels, n }: Count, now: number): void => {
    const key = JSON.stringify([metric, labels], Object.keys(labels).sort())
    counters.set(key, { metric, labels, n: n + (counters.get(key)?.n ?? 0), at: now })
  }

  const emit = (alert: Alert, mode: Hit['mode'], emission: Emission): void => {
    if (alerts.has(alert.id)) return
    const { rates, now } = emission
    alerts.set(alert.id, { value: alert, at: now })
    seqs.set(alert.id, ++lastSeq)
    if (isDelivered(mode)) deliveries.add(alert, now, (output) => told.admit(rates?.get(output), output, alert, now))
    emission.alerts.push(alert)
  }

  const stored = (alert: Alert): StoredAlert => ({ alert, deliveries: deliveries.of(alert) })

  const openWindow = (window: Window, emission: Emission): void => {
    const opened = open(window, windows.get(window.previous), emission.now)
    if (!opened) return
    emit(opened.alert, window.hits[0]!.mode, emission)
    if (opened.more > 0) emission.joined.set(window.id, opened.more)
  }

  /** Enters hits of one window; opens its alert and the next window's, if they complete it. */
  const fold = (added: readonly WindowedHit[], emission: Emission): void => {
    const made = createWindow(sha256, added[0]!)
    const window = windows.get(made.id) ?? made
    windows.set(window.id, window)
    if (!isThreshold(window.policy)) {
      const merged = merge(sha256, window, added, emission.now)
      for (const alert of merged.alerts) emit(alert, added[0]!.mode, emission)
      if (merged.joined > 0) emission.joined.set(window.id, merged.joined)
      return
    }
    enter(window, added, emission.now)
    if (window.opened.length > 0) emission.joined.set(window.id, added.length)
    else openWindow(window, emission)
    const next = windows.get(window.next)
    if (next?.opened.length === 0) openWindow(next, emission)
  }

  const isDigested = ({ digested }: AlertQuery) => {
    const held = digested && new Set(deliveries.digested(digested.output, digested.until).map(({ id }) => id))
    return ({ value }: Kept<Alert>): boolean => held === undefined || held.has(value.id)
  }

  const commit: Store['commit'] = async (given) => {
    const { results, now, rates } = given
    const emission: Emission = { alerts: [], joined: new Map(), rates, now }
    const windowed: WindowedHit[] = []
    for (const hit of results.flatMap((result) => result.hits)) {
      if (hits.has(hit.id) || (hit.seenAs !== undefined && hits.has(hit.seenAs))) continue
      hits.set(hit.id, now)
      if (isWindowed(hit)) windowed.push(hit)
      else emit(alertOf(hit.id, hit, now), hit.mode, emission)
    }
    const byWindow = Map.groupBy(windowed, (hit) =>
      JSON.stringify([hit.rule, hit.mode, hit.window.start, hit.window.key]),
    )
    for (const added of byWindow.values()) fold(added, emission)
    for (const entry of results.flatMap((result) => result.quarantine)) {
      if (!quarantine.has(entry.id)) quarantine.set(entry.id, { value: entry, at: now })
    }
    for (const count of results.flatMap((result) => result.counts)) addCount(count, now)
    for (const { key, value } of given.state) state.set(key, value)
    return { alerts: emission.alerts, joined: emission.joined }
  }

  const find = (id: string): StoredAlert | undefined => {
    const found = [...alerts.keys()].filter((known) => known === id || (id.length >= 4 && known.startsWith(id)))
    if (found.length > 1 && !alerts.has(id)) {
      throw new CodedError('AMBIGUOUS', `More than one alert has an id that begins with "${id}".`, {
        hint: 'Write more of the id.',
      })
    }
    const alert = alerts.get(id) ?? alerts.get(found[0] ?? '')
    return alert && stored(alert.value)
  }

  return {
    commit,
    async closeWindows({ now, latenessMs, all, rates }): Promise<Committed> {
      const emission: Emission = { alerts: [], joined: new Map(), rates, now }
      for (const window of windows.values()) {
        if (!window.ready || (!all && now < readyAt(window) + latenessMs)) continue
        for (const update of close(sha256, window, windows.get(window.previous), now)) {
          emit(update, window.hits[0]!.mode, emission)
        }
      }
      const ready = [...windows.values()].filter((window) => window.ready).map(readyAt)
      return {
        alerts: emission.alerts,
        joined: emission.joined,
        ...(ready.length > 0 && { nextClose: Math.min(...ready) + latenessMs }),
      }
    },
    async raiseDigests({ now, all }): Promise<Committed> {
      const emission: Emission = { alerts: [], joined: new Map(), rates: undefined, now }
      const until = all ? Infinity : now
      for (const digest of told.digests(until, deliveries.digested, sha256, now)) emit(digest, 'live', emission)
      const next = told.next()
      return {
        alerts: emission.alerts,
        joined: emission.joined,
        ...(next !== undefined && { nextClose: next }),
      }
    },
    claim: async (options) => deliveries.claim(options),
    settle: async (settlements, now) => deliveries.settle(settlements, now),
    due: async () => deliveries.due(),
    alerts: async (query) =>
      [...alerts.values()]
        .filter(isMatch(query))
        .filter(isDigested(query))
        .toReversed()
        .slice(query.skip ?? 0, (query.skip ?? 0) + query.limit)
        .map(({ value }) => stored(value)),
    countAlerts: async (query) =>
      Math.min(
        [...alerts.values()].filter((kept) => kept.value.updates === undefined && isMatch(query)(kept)).length,
        query.limit,
      ),
    alert: async (id) => find(id),
    deadDeliveries: async (query) => deliveries.dead(query),
    async alertsAfter(after, limit) {
      const found = [...alerts.values()].filter(({ value }) => seqs.get(value.id)! > after).slice(0, limit)
      const last = found.at(-1)
      return { alerts: found.map(({ value }) => value), last: last ? seqs.get(last.value.id)! : after }
    },
    lastAlert: async () => lastSeq,
    quarantine: async (query) =>
      [...quarantine.values()]
        .map(({ value }) => value)
        .filter(isAskedFor(query))
        .toReversed()
        .slice(query.skip ?? 0, (query.skip ?? 0) + query.limit),
    quarantineGroups: async () => groupEntries([...quarantine.values()].map(({ value }) => value)),
    async release(ids) {
      for (const id of ids) {
        const entry = quarantine.get(id)
        if (!entry || !quarantine.delete(id)) continue
        addCount({ metric: 'retried', labels: { kind: entry.value.kind, reason: entry.value.reason }, n: 1 }, entry.at)
      }
    },
    get: async (key) => state.get(key),
    async set(key, value, condition) {
      if (condition && state.get(key) !== condition.ifEquals) return false
      state.set(key, value)
      return true
    },
    list: async (prefix) =>
      [...state]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => ({ key, value }))
        .sort((one, other) => (one.key < other.key ? -1 : 1)),
    async delete(keys) {
      for (const key of keys) state.delete(key)
    },
    counts: async (metric) => [...counters.values()].filter((count) => metric === undefined || count.metric === metric),
    sizes: async () => ({
      alerts: alerts.size,
      deliveries: deliveries.count(),
      hits: hits.size,
      windows: windows.size,
      quarantine: quarantine.size,
      state: state.size,
      counters: counters.size,
      rates: told.count(),
    }),
    overview: async () => ({
      alerts: [
        ...Map.groupBy(
          [...alerts.values()].filter(({ value }) => value.updates === undefined),
          ({ value: { rule, severity, staged } }) => JSON.stringify([rule, severity, staged]),
        ),
      ]
        .map(([, group]) => {
          const { rule, severity, staged } = group[0]!.value
          return { rule, severity, staged, count: group.length }
        })
        .toSorted((one, other) => other.count - one.count || (one.rule < other.rule ? -1 : 1)),
      deliveries: deliveries.overview(),
    }),
    async sweep(retention, now) {
      told.forget(now - 3_600_000)
      const gone = { alerts: 0, quarantine: 0, windows: 0, hits: 0 }
      for (const [id, { value, at }] of alerts) {
        if (at >= now - retention.alertsMs || deliveries.isPending(value) || windows.get(id)?.ready) continue
        alerts.delete(id)
        seqs.delete(id)
        deliveries.remove(value)
        gone.alerts++
      }
      for (const [id, { at }] of quarantine) {
        if (at < now - retention.quarantineMs && quarantine.delete(id)) gone.quarantine++
      }
      const before = now - retention.hitsMs
      for (const [id, { arrived, policy, ready }] of windows) {
        if (arrived < before && policy.start + 2 * policy.lengthMs < before && !ready && windows.delete(id))
          gone.windows++
      }
      const waiting = new Set([...windows.values()].flatMap((window) => window.hits.map((hit) => hit.id)))
      for (const [id, at] of hits) if (at < before && !waiting.has(id) && hits.delete(id)) gone.hits++
      return Object.fromEntries(Object.entries(gone).filter(([, n]) => n > 0))
    },
    async close() {},
  }
}

const isMatch =
  (query: AlertQuery) =>
  ({ value: alert, at }: Kept<Alert>): boolean =>
    (query.rule === undefined || alert.rule === query.rule) &&
    (query.cluster === undefined || alert.cluster === query.cluster) &&
    (query.severity === undefined || alert.severity === query.severity) &&
    (query.since === undefined || at >= query.since) &&
    (query.staged === undefined || alert.staged === query.staged)
