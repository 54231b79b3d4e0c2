import type {
  Frame,
  FrameResult,
  Hit,
  LogRecord,
  QuarantineEntry,
  Rule,
  Schema,
  Segments,
  Tables,
} from '../contracts/index.ts'
import type { Hash } from '../ids.ts'
import { type Guard, unguarded } from './guard.ts'
import { type Item, recordLine } from './item.ts'
import type { Classifier } from '../classify/index.ts'
import { type Copy, type Skimmer, createSkimmer } from '../skim/index.ts'
import { createReader, type Reading, type ReaderOptions } from './read.ts'
import { createRows } from './rows.ts'
import { compileRules } from './rules.ts'
import { createTally } from './tally.ts'

export type { Failure, Guard, Permission } from './guard.ts'
export { unguarded } from './guard.ts'
export type { ReadLimits } from './read.ts'

export interface EvaluationOptions extends Omit<ReaderOptions, 'skimmerOf'> {
  readonly rules: readonly Rule[]
  /** Lookup tables that rules may read. Default: none. */
  readonly tables?: Tables
  readonly hash: Hash
  /** History is on: results hold the records. */
  readonly history?: Pick<Segments, 'compress'>
  /** False: each record is built, whether a rule must see it or not. The results are the same. Default true. */
  readonly skims?: boolean
  /** Copies bytes to a place in others. Default: `set`. */
  readonly copy?: Copy
}

/**
 * A frame's bytes to what becomes of them: a pure function but for what `guard` is told, and for the count `asked` of rules
 * that fail, which looks back. Never throws on data.
 */
export type Evaluate = (frame: Frame, options?: { readonly guard?: Guard; readonly index?: number }) => FrameResult

/** Compiles schemas and rules once; the result evaluates any number of frames. */
export function compileEvaluation(options: EvaluationOptions): Evaluate {
  const rules = compileRules(options.rules, options.hash, options.tables)
  const skimmers = new Map<Classifier, Skimmer | undefined>()
  // History holds each record: there is no way around building it.
  const skimmerOf =
    options.history || options.skims === false
      ? undefined
      : (classifier: Classifier) => {
          if (!skimmers.has(classifier))
            skimmers.set(classifier, createSkimmer(classifier, rules.interestIn, options.copy))
          return skimmers.get(classifier)
        }
  const reader = createReader({ ...options, skimmerOf })
  return (frame, { guard = unguarded, index = 0 } = {}) => {
    const tally = createTally()
    const hits: Hit[] = []
    const failed: QuarantineEntry[] = []
    const rows = options.history && isNew(frame) ? createRows(options.history) : undefined
    // Records meet the rules some dozens at a time: the code of a rule stays hot, and no record outlives its batch.
    const take = (items: readonly Item[]) => {
      const verdicts = rules.evaluate(frame, items, guard, tally)
      if (rows) for (const item of items) rows.add(recordLine(item, frame, options.hash))
      for (const hit of verdicts.hits) hits.push(hit)
      for (const entry of verdicts.quarantine) failed.push(entry)
    }
    const { quarantine, bytes, records, latest } =
      frame.verdictOf === undefined ? reader.read(frame, index, guard, tally, take) : again(frame, take)
    guard.done()
    const kept = rows?.rows()
    return {
      hits,
      quarantine: failed.length === 0 ? quarantine : [...quarantine, ...failed],
      counts: tally.counts(),
      bytes,
      records: records + quarantine.length,
      ...(latest !== undefined && { latest }),
      ...(kept && { rows: kept }),
    }
  }
}

/** What is only tried again, or tried out, is in history already. */
const isNew = ({ mode, verdictOf }: Frame) => mode === 'live' && verdictOf === undefined

/** A record that was classified before, as the quarantine kept it. */
function again(frame: Frame, take: (items: readonly Item[]) => void): Reading {
  const text = new TextDecoder().decode(frame.bytes)
  const record: LogRecord = JSON.parse(text)
  const { id, schema, data, envelope, normalised, time, position } = record
  const item = {
    schema: { name: schema } as Schema,
    id,
    data: { ...data },
    envelope,
    normalised: () => normalised,
    time,
    position: () => position,
    text: () => text,
    number: 0,
  }
  take([item])
  return { records: 1, quarantine: [], bytes: 0, latest: time }
}
