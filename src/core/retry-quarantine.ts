import type {
  Committed,
  Evaluator,
  Frame,
  FrameResult,
  QuarantineEntry,
  QuarantineQuery,
  Segments,
  Store,
} from './contracts/index.ts'
import { createGatherer } from './ingest/gather.ts'

/** What became of quarantined records and verdicts that were tried again. */
export interface Retried {
  /** Went through: their records are counted, their alerts raised, their entries removed. */
  readonly passed: number
  /** Failed again; their entries stay. */
  readonly failed: number
  readonly alerts: number
}

interface RetryHost {
  readonly store: Store
  readonly evaluator: Evaluator
  /** Where records that pass go into history; undefined: there is none. */
  readonly segments?: Segments | undefined
  now(): number
  onCommitted?(committed: Committed, results: readonly FrameResult[]): void
}

const entriesAtOnce = 200

/**
 * Runs entries of the quarantine through the whole pipeline again, after a schema or a rule was mended, and removes those
 * that pass. Ids derive from the same source and position as at first, so trying twice raises nothing twice.
 */
export async function retryQuarantine(host: RetryHost, query: QuarantineQuery): Promise<Retried> {
  const { store, evaluator, segments, now, onCommitted } = host
  const entries = await store.quarantine(query)
  let passed = 0
  let alerts = 0
  for (let at = 0; at < entries.length; at += entriesAtOnce) {
    const some = entries.slice(at, at + entriesAtOnce)
    const frames = some.map(frameOf)
    const results = await evaluator.evaluate(frames)
    const good = results
      .map((result, n) => ({ result, entry: some[n]!, frame: frames[n]! }))
      .filter(({ result }) => result.quarantine.length === 0)
    const gatherer = segments && createGatherer(segments)
    const stored = good.map(({ frame, result }) => gatherer?.add(frame, result) ?? result)
    await gatherer?.put()
    const committed = await store.commit({ results: stored, state: [], now: now() })
    onCommitted?.(committed, stored)
    await store.release(good.map(({ entry }) => entry.id))
    passed += good.length
    alerts += committed.alerts.length
  }
  return { passed, failed: entries.length - passed, alerts }
}

/** The frame that stands for an entry: its bytes, at the place where they stood. */
export function frameOf(entry: QuarantineEntry): Frame {
  const place = /^(.*)#(\d+)(?:\[\d+\])?$/s.exec(entry.position)
  return {
    source: entry.source,
    cluster: entry.cluster,
    origin: place?.[1] ?? entry.position,
    offset: Number(place?.[2] ?? 0),
    receivedAt: entry.receivedAt,
    mode: 'live',
    bytes: entry.raw,
    encoded: false,
    ...(entry.firstLine !== undefined && { firstLine: entry.firstLine }),
    ...(entry.kind === 'verdict' && entry.rule !== undefined && { verdictOf: entry.rule }),
  }
}
