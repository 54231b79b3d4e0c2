import type { Count } from '../contracts/index.ts'

/** A source of which nothing has come for longer than it may be silent. */
export interface Silent {
  readonly source: string
  /** When its last record came, epoch milliseconds; null: none ever did. */
  readonly lastSeen: number | null
}

export interface SilenceOptions {
  readonly now: number
  /** When it was first listened, epoch milliseconds: what was missed before is no silence. */
  readonly since: number
  /** What was found the last time. A silence lasts until a record comes, also where nobody listened meanwhile. */
  readonly before: readonly Silent[]
}

/** `limits`: source → how long it may be silent, milliseconds. `seen`: the counters `records` and `quarantined`. */
export function silences(
  limits: ReadonlyMap<string, number>,
  seen: readonly (Count & { readonly at: number })[],
  { now, since, before }: SilenceOptions,
): { readonly silent: readonly Silent[]; readonly back: readonly Silent[] } {
  const lastSeen = new Map<string, number>()
  for (const { labels, at } of seen) {
    const source = labels['source'] ?? ''
    lastSeen.set(source, Math.max(at, lastSeen.get(source) ?? at))
  }
  const sources = [...limits].map(([source, limit]) => {
    const last = lastSeen.get(source) ?? null
    return { source, limit, last, former: before.find((one) => one.source === source) }
  })
  return {
    silent: sources
      .filter(({ limit, last, former }) => former?.lastSeen === last || now - Math.max(last ?? since, since) >= limit)
      .map(({ source, last }) => ({ source, lastSeen: last })),
    back: sources.flatMap(({ last, former }) => (former && former.lastSeen !== last ? [former] : [])),
  }
}
