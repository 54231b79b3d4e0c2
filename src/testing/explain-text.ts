import type { Classified, Unclassified } from '../core/classify/index.ts'
import type { Rule, Schema } from '../core/contracts/index.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { functionsOf } from '../core/evaluate/conditions.ts'
import { type Explanation, explain } from '../core/explain/index.ts'
import { suggest } from '../core/nearest.ts'
import { isPlainObject } from '../core/plain.ts'
import { placesOf } from './function-places.ts'
import { clusterOf, frameOf } from './rule-runner.ts'
import { type Prepared, itemOfClassified } from './rule-test-record.ts'
import { recordsIn } from './sample.ts'

/** What to explain a rule on. */
export interface ExplainInput {
  /** Raw text, classified as when it runs; with `schema` a record as the rule sees it, as JSON. */
  readonly text: string
  readonly schema?: string
  readonly cluster?: string
}

/** An explanation, with what its text is of and where the rule's functions stand. */
export interface Explained extends Explanation {
  /** Of the record; null: it is of none. */
  readonly schema: string | null
  /** By number, `rules/a.ts:12:10`; null: not known. */
  readonly functions: readonly (string | null)[]
}

const mostRecords = 100

/** Explains a rule on every record that a text holds, at most a hundred. Throws CodedError for a text that holds none. */
export function explainText(rule: Rule, input: ExplainInput, around: Prepared, dir: string): Explained[] {
  const functions = placesOf(functionsOf(rule), dir).map((place) => place ?? null)
  const frame = frameOf(clusterOf(rule, input, around), around.now)
  const { tables, hash } = around
  return recordsOf(input, around)
    .slice(0, mostRecords)
    .map((record, index): Explained => {
      if (!('schema' in record)) return { ...unclassified(rule, record), schema: null, functions }
      const item = itemOfClassified(record, index, around)
      return { ...explain(rule, item, { frame, tables, hash }), schema: record.schema.name, functions }
    })
}

function recordsOf({ text, schema }: ExplainInput, around: Prepared): readonly (Classified | Unclassified)[] {
  if (schema !== undefined) return [recordOf(text, schemaOf(schema, around.schemas), around)]
  const records = recordsIn(text, around.classifier())
  if (records.length > 0) return records
  throw new CodedError('RECORD_UNPARSABLE', 'The text holds no record.')
}

function recordOf(text: string, schema: Schema, { candidateOf }: Prepared): Classified | Unclassified {
  const data = parseJson(text)
  if (!isPlainObject(data)) throw new CodedError('RECORD_UNPARSABLE', 'A record of a stated log type is a JSON object.')
  const record = { data: { ...data } }
  const candidate = candidateOf(schema)
  const verdict = candidate.test(record)
  if (verdict >= 0) return candidate.take(record, verdict)
  const { field, message } = candidate.fault(record)
  return {
    reason: 'RECORD_NO_SCHEMA',
    message: `It is not of ${schema.name}: ${field === '' ? 'it' : field} ${message}.`,
  }
}

function schemaOf(name: string, schemas: readonly Schema[]): Schema {
  const found = schemas.find((schema) => schema.name === name)
  if (found) return found
  const hint = suggest(
    name,
    schemas.map((schema) => schema.name),
  )
  throw new CodedError('CONFIG_UNKNOWN_NAME', `There is no log type "${name}".`, { hint })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CodedError('RECORD_UNPARSABLE', `The record is not valid JSON: ${messageOf(error)}.`)
  }
}

/** No rule ever sees a record that no log type takes. */
const unclassified = ({ info }: Rule, { message }: Unclassified): Explanation => ({
  rule: info.name,
  matches: false,
  steps: [{ what: 'schema', holds: false, wanted: info.schemas.join(', ') || 'any', found: message }],
  notes: [],
})
