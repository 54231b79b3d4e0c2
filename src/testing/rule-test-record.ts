import { type Candidate, compileCandidate } from '../core/classify/candidate.ts'
import { type Classifier, compileClassifier } from '../core/classify/index.ts'
import type { Parsed, Rule, Schema, Tables } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import type { Item } from '../core/evaluate/item.ts'
import type { Hash } from '../core/ids.ts'
import { compileNormalise } from '../core/normalise.ts'
import { compilePath } from '../core/paths.ts'
import { parseTime } from '../core/time.ts'
import type { RuleTestEvent } from './rule-test-file.ts'
import { mergeDeep, recordsIn, sampleOf } from './sample.ts'

/** What cases of a project's rules may refer to. */
export interface Surroundings {
  /** All log types, to classify raw text among. */
  readonly schemas: readonly Schema[]
  readonly clusters: readonly string[]
  /** Lookup tables of the project. */
  readonly tables: Tables
  readonly hash: Hash
  /** For records without a time: epoch milliseconds. */
  readonly now: number
}

/** What is compiled once for all cases of a project. */
export interface Prepared extends Surroundings {
  readonly classifier: () => Classifier
  readonly candidateOf: (schema: Schema) => Candidate
  readonly sampleOf: (schema: Schema) => Parsed
}

/** Prepares for running cases; nothing is compiled before a case needs it. */
export function prepareRuleTests(around: Surroundings): Prepared {
  let classifier: Classifier | undefined
  return {
    ...around,
    classifier: () => (classifier ??= compileClassifier(around.schemas)),
    candidateOf: memo(compileCandidate),
    sampleOf: memo(sampleOf),
  }
}

function memo<V>(make: (schema: Schema) => V): (schema: Schema) => V {
  const made = new Map<Schema, V>()
  return (schema) => {
    const value = made.get(schema) ?? make(schema)
    made.set(schema, value)
    return value
  }
}

/** The record of a case, as it would reach the rule. */
export function itemOf(rule: Rule, event: RuleTestEvent, index: number, around: Prepared): Item {
  const item = itemOfClassified(recordOf(rule, event, around), index, around)
  return event.time === undefined ? item : { ...item, time: Date.parse(event.time) }
}

/** A classified record as it would reach a rule. */
export function itemOfClassified({ schema, data, envelope }: Given, index: number, { now }: Surroundings): Item {
  const normalised = compileNormalise(schema)(data, envelope)
  return {
    schema,
    data,
    envelope,
    normalised: () => normalised,
    time: timeOf(schema, data, now),
    position: () => `test#${index}`,
    text: () => JSON.stringify(data),
    number: index,
  }
}

/** The time that the record states, also one in the future: cases must not depend on when they run. */
function timeOf(schema: Schema, data: Record<string, unknown>, now: number): number {
  const stated = schema.time === undefined ? undefined : compilePath(schema.time).first(data)
  return parseTime(stated, now) ?? now
}

interface Given {
  readonly schema: Schema
  readonly data: Record<string, unknown>
  readonly envelope?: Record<string, unknown> | undefined
}

function recordOf(rule: Rule, event: RuleTestEvent, around: Prepared): Given {
  if (event.text !== undefined) return fromText(rule, event.text, around)
  const candidates = candidatesOf(rule, event.schema, around)
  const faults: string[] = []
  for (const candidate of candidates) {
    const { schema } = candidate
    const sample = event.override && around.sampleOf(schema)
    // A copy: the record is coerced in place, and frozen.
    const data = structuredClone(sample ? mergeDeep(sample.data, event.override!) : (event.record ?? {}))
    const parsed = { data, ...(sample?.envelope && { envelope: structuredClone(sample.envelope) }) }
    const verdict = candidate.test(parsed)
    if (verdict >= 0) {
      const taken = candidate.take(parsed, verdict)
      return { schema, data: taken.data, envelope: taken.envelope }
    }
    const fault = candidate.fault(parsed)
    faults.push(`${schema.name}: ${fault.field} ${fault.message}`)
  }
  throw new CodedError('RECORD_NO_SCHEMA', `The record is not of the rule's log type. ${faults.join('; ')}`)
}

function candidatesOf(rule: Rule, name: string | undefined, around: Prepared): Candidate[] {
  const seen = schemasOf(rule, around.schemas)
  const chosen = name === undefined ? seen : seen.filter((schema) => schema.name === name)
  if (chosen.length > 0) return chosen.map(around.candidateOf)
  throw new CodedError(
    'CONFIG_UNKNOWN_NAME',
    `The rule does not look at "${name}", only at ${seen.map((schema) => schema.name).join(', ')}.`,
  )
}

/** The log types a rule looks at; of one that names none, those that have a type it asks for. */
function schemasOf({ schemas, info }: Rule, all: readonly Schema[]): readonly Schema[] {
  if (schemas.length > 0) return schemas
  return all.filter(({ normalise }) => info.types.some((type) => Object.hasOwn(normalise, type)))
}

/** Raw text must be classified as one of the rule's log types, among all there are: else the case shows nothing. */
function fromText(rule: Rule, text: string, { classifier }: Prepared): Given {
  const records = recordsIn(text, classifier())
  const found = records.find((record) => 'schema' in record) ?? records[0]
  if (!found) throw new CodedError('RECORD_UNPARSABLE', 'The text holds no record.')
  if (!('schema' in found)) throw new CodedError(found.reason, found.message)
  const { schema, data, envelope } = found
  if (rule.info.schemas.length === 0 || rule.info.schemas.includes(schema.name)) return { schema, data, envelope }
  throw new CodedError(
    'RECORD_NO_SCHEMA',
    `The text is classified as ${schema.name}; the rule looks at ${rule.info.schemas.join(', ')}.`,
  )
}
