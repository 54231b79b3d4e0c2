import { type Classified, type Classifier, type Unclassified, compileClassifier } from '../core/classify/index.ts'
import type { Parsed, Schema } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { type Field, type Fields, isWrapper } from '../core/fields/spec.ts'
import { headOf } from '../core/split/head.ts'
import { sniff, split } from '../core/split/index.ts'
import { isPlainObject } from '../core/plain.ts'
import { builtInSample } from './built-in-samples.ts'

/**
 * A record of a schema, for tests that state only what matters to them: the one in its first sample, or else one made from
 * its required fields. Throws SCHEMA_INVALID when the schema does not take its own sample.
 */
export function sampleOf(schema: Schema): Parsed {
  const sample = schema.samples[0] ?? builtInSample(schema.name)
  if (sample === undefined) return madeUp(schema)
  const found = recordsIn(sample, compileClassifier([schema])).find((record) => 'schema' in record)
  // A project's schema may have the name of a built-in one, and not take its sample.
  if (!found && schema.samples.length === 0) return madeUp(schema)
  if (!found) throw new CodedError('SCHEMA_INVALID', `The schema "${schema.name}" does not take its own first sample.`)
  return found
}

/** What a classifier makes of a text that stands alone: a line, a header and its rows, a document. */
export function recordsIn(text: string, classifier: Classifier): (Classified | Unclassified)[] {
  const bytes = new TextEncoder().encode(text)
  const firstLine = headOf(bytes)
  return [...split(bytes, sniff(bytes, classifier.framings))].flatMap((piece) =>
    classifier.classify(piece.text, { firstLine, first: piece.offset === 0 }),
  )
}

function madeUp(schema: Schema): Parsed {
  const patterns = Object.entries(schema.patterns ?? {}).map(([path, globs]) => {
    const value = [globs].flat()[0]?.replaceAll('*', '') ?? ''
    return path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as Record<string, unknown>
  })
  const all = patterns.reduce(mergeDeep, { ...valuesOf(schema.fields), envelope: valuesOf(schema.envelope ?? {}) })
  const { envelope, ...data } = all
  return schema.envelope && isPlainObject(envelope) ? { data, envelope } : { data }
}

/** A value for each field that must be there. */
const valuesOf = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const value = valueOf(field)
      return value === undefined ? [] : [[name, value]]
    }),
  )

const scalars: Readonly<Record<string, unknown>> = {
  string: 'example',
  integer: 0,
  float: 0,
  boolean: false,
  timestamp: '2026-01-01T00:00:00Z',
  ip: '192.0.2.1',
  json: {},
}

function valueOf(field: Field): unknown {
  if (typeof field === 'string') return scalars[field]
  if (!isWrapper(field)) return valuesOf(field)
  if (field.kind === 'optional') return undefined
  return field.kind === 'nullable' ? null : field.kind === 'list' ? [] : {}
}

/** `base` with the values of `changes`: objects are merged at any depth, everything else is replaced. Changes neither. */
export function mergeDeep(
  base: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(changes)) {
    const present = merged.get(key)
    merged.set(key, isPlainObject(present) && isPlainObject(value) ? mergeDeep(present, value) : structuredClone(value))
  }
  return Object.fromEntries(merged)
}
