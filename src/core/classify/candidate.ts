import type { Parsed, Schema } from '../contracts/index.ts'
import { type Fault, accepted, coerces, drifts, rejected } from '../fields/check.ts'
import { compileFields, countRequired, unwrap } from '../fields/compile.ts'
import type { ObjectCheck } from '../fields/object.ts'
import type { Fields } from '../fields/spec.ts'
import { compileGlob } from '../glob.ts'
import { textOf } from '../normalise.ts'
import { compileSome } from '../paths.ts'

/** A record that a schema took. */
export interface Classified {
  readonly schema: Schema
  /** The parsed fields, coerced. */
  readonly data: Record<string, unknown>
  readonly envelope?: Record<string, unknown>
  /** Paths of fields that the schema does not know: at most 20, each at most 100 characters. */
  readonly drift: readonly string[]
}

/** How near a record came to a schema that did not take it. */
export interface Distance {
  readonly held: number
  readonly faults: number
}

/** A schema compiled for classification. */
export interface Candidate {
  readonly schema: Schema
  /** Top-level fields that a record must have, and those that its envelope must. */
  readonly required: readonly string[]
  readonly requiredAround: readonly string[]
  /** All top-level fields. */
  readonly known: readonly string[]
  /** The checks of its fields, and the patterns that its values must match. */
  readonly fields: ObjectCheck
  readonly patterns: readonly Pattern[]
  /** Whether it takes records without an envelope. */
  readonly takesBare: boolean
  /** Below zero: does not take the record. Otherwise what `take` wants to know. Allocates nothing on rejection. */
  test(record: Parsed): number
  /** Coerces the record in place. Only for a record that `test` took, with what it returned. */
  take(record: Parsed, verdict: number): Classified
  /** Paths of fields of a record that it does not know: see `Classified`. */
  drift(data: unknown, verdict: number): readonly string[]
  /** How far from taking a record it is that it does not take, and why. */
  distance(record: Parsed): Distance
  fault(record: Parsed): Fault
}

/**
 * Which of two schemas is tried first: by priority; then what reads JSON, so that no other parser meets a text that is
 * JSON and has its schema; then what demands more; then the name.
 */
export function compareSchemas(a: Schema, b: Schema): number {
  return (
    b.priority - a.priority ||
    Number(readsJson(b)) - Number(readsJson(a)) ||
    demands(b) - demands(a) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  )
}

const readsJson = ({ parse }: Schema) => parse.parser.framing(parse.options) === 'json'

/** Required fields and patterns. */
const demands = (schema: Schema) =>
  countRequired(schema.fields) + countRequired(schema.envelope ?? {}) + Object.keys(schema.patterns ?? {}).length

const requiredIn = (fields: Fields) => Object.keys(fields).filter((name) => !unwrap(fields[name]!).optional)

const nothing: Record<string, unknown> = Object.freeze({})
const noDrift: readonly string[] = Object.freeze([])

/** Throws SCHEMA_INVALID when the schema's fields or paths are none. */
export function compileCandidate(schema: Schema): Candidate {
  const fields = compileFields(schema.fields, schema.extraFields)
  const envelope = schema.envelope && compileFields(schema.envelope)
  const patterns = Object.entries(schema.patterns ?? {}).map(([path, globs]) => compilePattern(path, globs))
  const failing = (record: Parsed) => patterns.find((pattern) => !pattern.holds(record))
  const mismatch = (record: Parsed): Fault | undefined => {
    const pattern = failing(record)
    return pattern && { field: pattern.path, message: `does not match ${pattern.globs.join(' or ')}` }
  }
  const around = (record: Parsed) => (envelope ? envelope.test(record.envelope ?? nothing) : accepted)
  const driftOf = (data: unknown, verdict: number): readonly string[] => {
    if (!(verdict & drifts)) return noDrift
    const drift: string[] = []
    fields.drift(data, '', drift)
    return drift
  }
  return {
    ...{ schema, fields, patterns },
    takesBare: around({ data: nothing }) !== rejected,
    required: requiredIn(schema.fields),
    requiredAround: requiredIn(schema.envelope ?? {}),
    known: Object.keys(schema.fields),
    test(record) {
      // What tells schemas apart at least cost comes first.
      const outer = around(record)
      if (outer === rejected) return rejected
      for (let at = 0; at < patterns.length; at++) if (!patterns[at]!.holds(record)) return rejected
      const verdict = fields.test(record.data)
      return verdict === rejected ? rejected : verdict | (outer & coerces)
    },
    take(record, verdict) {
      if (verdict & coerces) {
        fields.coerce(record.data)
        if (envelope && record.envelope) envelope.coerce(record.envelope)
      }
      return {
        schema,
        data: record.data,
        ...(record.envelope && { envelope: record.envelope }),
        drift: driftOf(record.data, verdict),
      }
    },
    drift: driftOf,
    distance(record) {
      const { held, faults } = fields.score(record.data)
      return { held, faults: faults + Number(around(record) === rejected) + Number(failing(record) !== undefined) }
    },
    fault: (record) =>
      fields.fault(record.data, '') ??
      envelope?.fault(record.envelope ?? nothing, 'envelope') ??
      mismatch(record) ?? { field: '', message: 'is not of this type' },
  }
}

/** What a field must match. */
export interface Pattern {
  readonly path: string
  readonly globs: readonly string[]
  holds(record: Parsed): boolean
}

/** Holds when some value at the path matches some glob; numbers and booleans are matched as text. */
function compilePattern(path: string, given: string | readonly string[]): Pattern {
  const globs = [given].flat()
  const matchers = globs.map(compileGlob)
  const some = compileSome(path)
  const matches = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(matches)
    const text = textOf(value)
    return text !== undefined && matchers.some((matcher) => matcher(text))
  }
  return { path, globs, holds: (record) => some(record.data, record.envelope, matches) }
}
