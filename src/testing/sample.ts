import { compileClassifier } from '../core/classify.ts'
import type { Parsed, Schema } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { split } from '../core/split.ts'

/** The record in a schema's first sample. Throws SCHEMA_INVALID when it has none, or none that it takes. */
export function sampleOf(schema: Schema): Parsed {
  const sample = schema.samples[0]
  if (sample === undefined) {
    const hint = 'Give the schema a sample, or write the whole record in the test.'
    throw new CodedError('SCHEMA_INVALID', `The schema "${schema.name}" has no sample to override.`, { hint })
  }
  const classifier = compileClassifier([schema])
  const firstLine = sample.split('\n', 1)[0]!
  const framing = schema.parse.parser.framing(schema.parse.options)
  const pieces = [...split(new TextEncoder().encode(sample), framing)]
  const records = pieces.flatMap(({ text, offset }) => classifier.classify(text, { firstLine, first: offset === 0 }))
  const found = records.find((record) => 'schema' in record)
  if (!found) throw new CodedError('SCHEMA_INVALID', `The schema "${schema.name}" does not take its own first sample.`)
  return found
}

/** `base` with the values of `changes`: objects are merged at any depth, everything else is replaced. Changes neither. */
export function mergeDeep(
  base: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(changes)) {
    const present = merged.get(key)
    merged.set(key, isPlain(present) && isPlain(value) ? mergeDeep(present, value) : structuredClone(value))
  }
  return Object.fromEntries(merged)
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
