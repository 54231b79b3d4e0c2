import type { Framing, Parsed, ParserUse } from '../core/contracts/index.ts'
import { isPlainObject } from '../core/plain.ts'
import { headOf } from '../core/split/head.ts'
import { sniff, split } from '../core/split/index.ts'
import { cef, csv, json, keyValue, leef, logfmt, syslog, w3c } from './index.ts'

/** How sample text is best read. */
export interface Guess {
  readonly use: ParserUse
  /** The same as code: `json({ path: 'Records[*]' })`. */
  readonly code: string
  /** True when all values come out as text. */
  readonly textual: boolean
  readonly records: readonly Parsed[]
  /** Texts that the parser cannot read. */
  readonly failed: number
}

interface Option {
  readonly use: ParserUse
  readonly code: string
  readonly textual: boolean
}

/** Texts looked at when parsers are compared. */
const sampleTexts = 2_000

/**
 * Finds the parser that reads most of the sample; among equals the one that finds more fields. Undefined when none reads
 * even half of it.
 */
export function guessParser(bytes: Uint8Array): Guess | undefined {
  const guesses = options(bytes).map((option) => read(bytes, option))
  const good = guesses.filter(({ records, failed }) => records.length > failed)
  return good.toSorted((a, b) => share(b) - share(a) || width(b) - width(a))[0]
}

const share = ({ records, failed }: Guess) => Math.round((100 * records.length) / (records.length + failed))
const width = ({ records }: Guess) => records.slice(0, 50).reduce((sum, { data }) => sum + Object.keys(data).length, 0)

function options(bytes: Uint8Array): readonly Option[] {
  const head = new TextDecoder().decode(bytes.subarray(0, 262_144))
  if (/^\uFEFF?\s*[[{]/.test(head)) return jsonOptions(bytes)
  const first = headOf(bytes.subarray(0, 8192))
  if (/^#Fields:/m.test(first)) return [{ use: w3c(), code: 'w3c()', textual: true }]
  if (/\bCEF:\d+\|/.test(first)) return [{ use: cef(), code: 'cef()', textual: true }]
  if (/\bLEEF:[12]\.0\|/.test(first)) return [{ use: leef(), code: 'leef()', textual: true }]
  return [
    ...[',', ';', '\t', '|'].filter((delimiter) => first.includes(delimiter)).map(tableOption),
    { use: logfmt(), code: 'logfmt()', textual: true },
    { use: keyValue({ words: 'reject' }), code: `keyValue({ words: 'reject' })`, textual: true },
    { use: syslog({ head: 'record' }), code: `syslog({ head: 'record' })`, textual: true },
  ]
}

function tableOption(delimiter: string): Option {
  const given = delimiter === ',' ? { header: true } : { header: true, delimiter }
  const code =
    delimiter === ','
      ? 'csv({ header: true })'
      : `csv({ header: true, delimiter: ${JSON.stringify(delimiter).replaceAll('"', "'")} })`
  return { use: csv(given), code, textual: true }
}

/** Documents that hold their records in one list are taken apart: `{"Records": [{…}, {…}]}`. */
function jsonOptions(bytes: Uint8Array): readonly Option[] {
  const whole: Option = { use: json(), code: 'json()', textual: false }
  const { records } = read(bytes, whole)
  const lists = records
    .slice(0, 20)
    .map(({ data }) => Object.entries(data).filter(([, value]) => isListOfObjects(value)))
  const path = lists[0]?.[0]?.[0]
  const isEnvelope =
    path !== undefined &&
    lists.every((found) => found.length === 1 && found[0]![0] === path) &&
    records.every(({ data }) => Object.keys(data).length <= 3)
  if (!isEnvelope) return [whole]
  const text = /^\w+$/.test(path) ? `${path}[*]` : `"${path}"[*]`
  return [{ use: json({ path: text, alone: true }), code: `json({ path: '${text}', alone: true })`, textual: false }]
}

const isListOfObjects = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isPlainObject)

function read(bytes: Uint8Array, option: Option): Guess {
  const { parser, options: given } = option.use
  const parse = parser.compile(given, [])
  const framing = parser.framing(given)
  const firstLine = headOf(bytes.subarray(0, 8192))
  const records: Parsed[] = []
  let failed = 0
  let texts = 0
  for (const { text, offset } of split(bytes, sniff(bytes, new Set<Framing>([framing])))) {
    if (++texts > sampleTexts) break
    const found = parse(text, { firstLine, first: offset === 0 })
    const all = 'failure' in found ? [found] : found
    for (const one of all) {
      if ('failure' in one) failed++
      else records.push(one)
    }
  }
  return { ...option, records, failed }
}
