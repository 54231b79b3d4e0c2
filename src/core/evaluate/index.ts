import type { Frame, FrameResult, LogRecord, Rule, Schema, Tables } from '../contracts/index.ts'
import type { Hash } from '../ids.ts'
import { type Guard, unguarded } from './guard.ts'
import { createReader, type Reading, type ReaderOptions } from './read.ts'
import { compileRules } from './rules.ts'
import { createTally } from './tally.ts'

export type { Failure, Guard, Permission } from './guard.ts'
export { unguarded } from './guard.ts'
export type { ReadLimits } from './read.ts'

export interface EvaluationOptions extends ReaderOptions {
  readonly rules: readonly Rule[]
  /** Lookup tables that rules may read. Default: none. */
  readonly tables?: Tables
  readonly hash: Hash
}

/**
 * A frame's bytes to what becomes of them: a pure function but for what `guard` is told, and for the count `asked` of rules
 * that fail, which looks back. Never throws on data.
 */
export type Evaluate = (frame: Frame, options?: { readonly guard?: Guard; readonly index?: number }) => FrameResult

/** Compiles schemas and rules once; the result evaluates any number of frames. */
export function compileEvaluation(options: EvaluationOptions): Evaluate {
  const reader = createReader(options)
  const rules = compileRules(options.rules, options.hash, options.tables)
  return (frame, { guard = unguarded, index = 0 } = {}) => {
    const tally = createTally()
    const { items, quarantine, bytes } =
      frame.verdictOf === undefined ? reader.read(frame, index, guard, tally) : again(frame)
    const verdicts = rules.evaluate(frame, items, guard, tally)
    guard.done()
    const unread = quarantine.length
    return {
      hits: verdicts.hits,
      quarantine: unread + verdicts.quarantine.length === 0 ? [] : [...quarantine, ...verdicts.quarantine],
      counts: tally.counts(),
      bytes,
      records: items.length + unread,
    }
  }
}

/** A record that was classified before, as the quarantine kept it. */
function again(frame: Frame): Reading {
  const text = new TextDecoder().decode(frame.bytes)
  const record: LogRecord = JSON.parse(text)
  const { id, schema, data, envelope, normalised, time, position } = record
  const item = {
    schema: { name: schema } as Schema,
    id,
    data: { ...data },
    envelope,
    normalised,
    time,
    position,
    text: () => text,
  }
  return { items: [item], quarantine: [], bytes: 0 }
}
