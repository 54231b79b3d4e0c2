import type {
  Commit,
  FrameResult,
  Hit,
  HitWindow,
  QuarantineEntry,
  StateEntry,
  Store,
} from '../../core/contracts/index.ts'

/** What the tests of a store begin with. */
export interface OpenedStore {
  readonly store: Store
  /** Opens the same data again, beside the first: as another process would. Absent: the store is of one process. */
  readonly again?: () => Promise<Store>
}

export type OpenStore = () => Promise<OpenedStore>

/** An hour into some day, epoch milliseconds: a multiple of the windows used here. */
export const start = 1_700_000_400_000
export const minute = 60_000

export interface SampleHit {
  /** Makes ids; hits of different rules share the record of their number. */
  readonly n: number
  /** Event time, milliseconds after `start`. */
  readonly at?: number
  readonly rule?: string
  readonly mode?: Hit['mode']
  readonly severity?: Hit['severity']
  readonly outputs?: readonly string[]
  readonly data?: Readonly<Record<string, unknown>>
  /** The value of the window's key. */
  readonly key?: string
  /** Windows are of one minute unless it says otherwise. */
  readonly window?: Partial<HitWindow>
}

const padded = (n: number) => n.toString(16).padStart(8, '0')

/** A hit as workers make it. */
export function sampleHit(sample: SampleHit): Hit {
  const { n, at = n, rule = 'rule', mode = 'live', severity = 'low', outputs = ['file:alerts'], key = 'k' } = sample
  const time = start + at
  const lengthMs = sample.window?.lengthMs ?? minute
  return {
    id: `${padded(n)}-${rule}-${mode}`,
    rule,
    mode,
    severity,
    title: `${rule} on ${key}`,
    description: 'Something happened.',
    context: { n },
    outputs,
    record: {
      id: `record-${n}`,
      schema: 'vendor:type',
      source: 'file:logs',
      cluster: 'prod',
      position: `logs/a.log#${n}`,
      receivedAt: start,
      time,
      data: sample.data ?? { host: key, n },
    },
    ...(sample.window && {
      window: {
        key: JSON.stringify([key]),
        by: { host: key },
        start: Math.floor(time / lengthMs) * lengthMs,
        lengthMs,
        count: 1,
        ...sample.window,
      },
    }),
  }
}

export function sampleEntry(n: number, entry: Partial<QuarantineEntry> = {}): QuarantineEntry {
  return {
    id: `${padded(n)}-entry`,
    kind: 'record',
    reason: 'RECORD_NO_SCHEMA',
    message: 'No schema takes it.',
    source: 'file:logs',
    cluster: 'prod',
    position: `logs/a.log#${n}`,
    receivedAt: start,
    raw: new Uint8Array([n & 0xff, 0, 0xff, 0xfe]),
    ...entry,
  }
}

export interface Contents {
  readonly hits?: readonly Hit[]
  readonly quarantine?: readonly QuarantineEntry[]
  readonly counts?: FrameResult['counts']
  readonly state?: readonly StateEntry[]
  readonly now?: number
}

/** One commit of one result. */
export function commitOf({ hits = [], quarantine = [], counts = [], state = [], now = start }: Contents): Commit {
  return { results: [{ hits, quarantine, counts, bytes: 0, records: hits.length + quarantine.length }], state, now }
}

/** Numbers 0 ≤ x < 1 that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list]
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[result[at], result[other]] = [result[other]!, result[at]!]
  }
  return result
}
