import { alertSchema } from '../alert-records.ts'
import type { Count, RuleInfo } from '../contracts/index.ts'

/** Rules that see nothing, since no record of what they look at has come for long. */
export interface Blind {
  /** Log types they look at; empty: any. */
  readonly schemas: readonly string[]
  /** Clusters they run in; empty: all. */
  readonly clusters: readonly string[]
  readonly rules: readonly string[]
  /** When the last such record came, epoch milliseconds; null: none ever did. */
  readonly lastSeen: number | null
}

export interface BlindOptions {
  readonly now: number
  /** When records were first waited for, epoch milliseconds. */
  readonly since: number
  readonly silentAfterMs: number
}

/** `seen`: the counters `records`, each with when it was last added to. Rules that look at the same stand together. */
export function blindRules(
  rules: readonly RuleInfo[],
  seen: readonly (Count & { readonly at: number })[],
  { now, since, silentAfterMs }: BlindOptions,
): Blind[] {
  const byView = Map.groupBy(
    // That nothing alerts is no fault of rules over alerts.
    rules.filter(({ enabled, schemas }) => enabled && !schemas.includes(alertSchema)),
    ({ schemas, clusters = [] }) => JSON.stringify([schemas, clusters]),
  )
  return [...byView.values()].flatMap((same): Blind[] => {
    const { schemas, clusters = [] } = same[0]!
    const times = seen.filter(
      ({ labels }) => looksAt(schemas, labels['schema']) && looksAt(clusters, labels['cluster']),
    )
    const lastSeen = times.length === 0 ? null : Math.max(...times.map(({ at }) => at))
    if (now - (lastSeen ?? since) < silentAfterMs) return []
    return [{ schemas, clusters, rules: same.map(({ name }) => name).toSorted(), lastSeen }]
  })
}

const looksAt = (names: readonly string[], name: string | undefined) =>
  names.length === 0 || (name !== undefined && names.includes(name))
