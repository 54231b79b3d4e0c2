import type { Count, Metric } from '../contracts/index.ts'
import type { HealthReport, SourcesReport } from '../health/index.ts'

/** How one source does. Numbers of records are since the state was made; times are ISO 8601. */
export interface SourceLine {
  readonly source: string
  /** `stopped`: no engine reads it now. `on demand`: nothing waits for it all the time; a function reads what comes. */
  readonly state: 'reading' | 'retrying' | 'ended' | 'stopped' | 'on demand'
  /** Since when the engine that reads it has seen it so. */
  readonly since?: string
  /** Nothing came for longer than its `silentAfter`. */
  readonly silent: boolean
  /** Records a second, over the last minute. */
  readonly rate: number
  readonly lastRecord?: string
  readonly lastEvent?: string
  /** How long after its event the latest of the records was stored, milliseconds. */
  readonly delayMs?: number
  /** What waits to be read. */
  readonly lag: { readonly bytes?: number; readonly items?: number }
  readonly records: number
  readonly quarantined: number
  readonly refused: number
  readonly repeated: number
  readonly dropped: number
  readonly errors: number
  readonly error?: { readonly code: string; readonly message: string; readonly at: string }
}

type At = Count & { readonly at: number }

/** An engine writes every five seconds; one that has not for so long does not run. Milliseconds. */
const staleMs = 30_000

const metrics = ['records', 'quarantined', 'refused', 'repeated', 'dropped'] as const satisfies readonly Metric[]

/** One line for each source that was ever read, by name. `now`: epoch milliseconds; `idle`: the state of those that no engine reads. */
export function sourcesOf(
  counts: readonly At[],
  report: SourcesReport | undefined,
  health: HealthReport | undefined,
  { now, idle = 'stopped' }: { readonly now: number; readonly idle?: SourceLine['state'] },
): SourceLine[] {
  const own = counts.filter(({ metric, labels }) => isOne(metric) && labels['source'] !== undefined)
  const bySource = Map.groupBy(own, ({ labels }) => labels['source']!)
  const known = new Map(Object.entries(report?.sources ?? {}))
  const running = report !== undefined && now - report.at < staleMs
  return [...new Set([...known.keys(), ...bySource.keys()])].toSorted().map((source) => {
    const found = bySource.get(source) ?? []
    const { state, since, rate = 0, lag = {}, errors = 0, error, lastEvent, lastRecord } = known.get(source) ?? {}
    const last = Math.max(...found.filter(({ metric }) => came.has(metric)).map(({ at }) => at))
    const sum = (metric: Metric) => found.reduce((all, one) => all + (one.metric === metric ? one.n : 0), 0)
    return {
      source,
      state: running && state !== undefined ? state : idle,
      ...(running && since !== undefined && { since: iso(since) }),
      silent: health?.silent?.some((one) => one.source === source) ?? false,
      rate: running ? rate : 0,
      ...(Number.isFinite(last) && { lastRecord: iso(last) }),
      ...(lastEvent !== undefined && { lastEvent: iso(lastEvent) }),
      ...(lastEvent !== undefined && lastRecord !== undefined && { delayMs: Math.max(0, lastRecord - lastEvent) }),
      lag,
      ...(Object.fromEntries(metrics.map((metric) => [metric, sum(metric)])) as Record<
        (typeof metrics)[number],
        number
      >),
      errors,
      ...(error && { error: { ...error, at: iso(error.at) } }),
    }
  })
}

const isOne = (metric: string) => metrics.some((one) => one === metric)
/** Metrics that say that something came. */
const came: ReadonlySet<string> = new Set<Metric>(['records', 'quarantined'])
const iso = (at: number) => new Date(at).toISOString()
