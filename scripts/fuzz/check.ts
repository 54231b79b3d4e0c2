import { schemas } from '../../schemas/index.ts'
import { type Classifier, compileClassifier } from '../../src/core/classify/index.ts'
import type { Framing, Schema } from '../../src/core/contracts/index.ts'
import { codes } from '../../src/core/errors.ts'
import { parseJson } from '../../src/core/json.ts'
import { compileNormalise } from '../../src/core/normalise.ts'
import { compilePath } from '../../src/core/paths.ts'
import { type Piece, bytesOf, cut, sniff, split } from '../../src/core/split/index.ts'
import { eventTime } from '../../src/core/time.ts'
import { type Evaluations, createEvaluations } from './skim.ts'
import { builtInSample } from '../../src/testing/built-in-samples.ts'

/** What is fuzzed: all built-in schemas as candidates at once, with their samples. */
export interface Target {
  readonly classifier: Classifier
  /** The same without the gates before parsers, which may save work and nothing else. */
  readonly ungated: Classifier
  readonly evaluations: Evaluations
  readonly samples: readonly string[]
  /** Those of their lines that are JSON objects. */
  readonly jsonLines: readonly string[]
}

export function createTarget(): Target {
  const samples = schemas.flatMap(({ name }) => builtInSample(name) ?? [])
  const classifier = compileClassifier(schemas)
  return {
    classifier,
    evaluations: createEvaluations(classifier),
    ungated: compileClassifier(schemas.map(withoutGate)),
    samples,
    jsonLines: samples.flatMap((sample) => sample.split('\n').filter(isJson)),
  }
}

const isJson = (line: string): boolean => line.startsWith('{') && 'value' in parseJson(line)

function withoutGate(schema: Schema): Schema {
  const { parser, options } = schema.parse
  const { gate: _, ...rest } = parser
  return { ...schema, parse: { parser: rest, options } }
}

const framings: readonly Framing[] = ['lines', 'json', 'quoted', 'whole']

/** Bytes that may lie between records: blanks, commas between JSON values, byte order marks. */
const between = new Set([...Array(33).keys(), 0x2c, 0xef, 0xbb, 0xbf])

function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}

/** Runs bytes through splitting, classification, normalisation. Throws when a promise about them does not hold. */
export function check(target: Target, bytes: Uint8Array): void {
  for (const framing of framings) checkSplit(bytes, framing)
  const framing = sniff(bytes, target.classifier.framings)
  expect(target.classifier.framings.has(framing), `sniffs ${framing}, which no candidate uses`)
  let first = true
  for (const piece of split(bytes, framing)) {
    checkClassify(target, piece, first)
    first = false
  }
}

/** Pieces stand in order and apart, hold what they say, and nothing but separators lies between them. */
function checkSplit(bytes: Uint8Array, framing: Framing): void {
  let end = 0
  for (const piece of split(bytes, framing)) {
    const { text, offset, broken } = piece
    const own = bytesOf(piece, bytes)
    expect(offset >= end, `${framing}: a piece at ${offset} begins before ${end}`)
    expect(onlyBetween(bytes, end, offset), `${framing}: something is lost between ${end} and ${offset}`)
    end = offset + own.length
    expect(end <= bytes.length && own.length > 0, `${framing}: a piece at ${offset} is empty or too long`)
    expect(
      broken || new TextEncoder().encode(text).length === own.length,
      `${framing}: a text at ${offset} is not its bytes`,
    )
  }
  expect(onlyBetween(bytes, end, bytes.length), `${framing}: something is lost behind ${end}`)
  const length = cut(bytes, framing)
  expect(length >= 0 && length <= bytes.length, `${framing}: is cut at ${length}`)
}

function onlyBetween(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!between.has(bytes[at]!)) return false
  return true
}

/** Each text becomes records or reasons; records can be stored, normalised and dated. */
function checkClassify({ classifier, ungated }: Target, piece: Piece, first: boolean): void {
  const { text, safeIntegers } = piece
  const results = classifier.classify(text, { first, safeIntegers })
  const without = ungated.classify(text, { first })
  expect(namesOf(results) === namesOf(without), `is ${namesOf(results)}, and without gates ${namesOf(without)}`)
  for (const result of results) {
    if ('schema' in result) {
      const { schema, data, envelope, drift } = result
      JSON.stringify({ data, envelope })
      compileNormalise(schema)(data, envelope)
      const { time } = eventTime(data, schema.time === undefined ? undefined : compilePath(schema.time), 1e12)
      expect(Number.isSafeInteger(time) && time <= 1e12 + 300_000, `${schema.name}: has the time ${time}`)
      expect(drift.length <= 20 && drift.every((name) => name.length <= 100), `${schema.name}: has too much drift`)
    } else {
      expect(Object.hasOwn(codes, result.reason) && result.message !== '', `is refused for no reason`)
    }
  }
}

/** The name of the schema of each record in the bytes, or of the reason why it has none, by the text it stood in. */
export function classifyAll({ classifier }: Target, bytes: Uint8Array, framing: Framing): Map<string, string> {
  const found = new Map<string, string>()
  for (const { text } of split(bytes, framing)) {
    found.set(text, namesOf(classifier.classify(text, { first: false })))
  }
  return found
}

const namesOf = (results: ReturnType<Classifier['classify']>) =>
  results.map((result) => ('schema' in result ? result.schema.name : `${result.reason} ${result.message}`)).join()
