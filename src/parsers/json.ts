import { z } from 'zod'
import type { Gate, ObjectReading, ParseContext, Parsed, ParseFailure, ParseText } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { type JsonResult, parseJson, parseSafeJson } from '../core/json.ts'
import { defineParser } from '../core/parser.ts'
import { findJson } from './shared/embedded-json.ts'
import { compileJmespath, type RecordPath } from './shared/jmespath.ts'
import { isObject, kindOf, put } from './shared/record.ts'
import { alone as noStream, compileUse, failed, parserUse, usesFields, wrap } from './shared/use.ts'

const options = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'JMESPath to the records inside the document, such as `Records[*]`.' }),
    alone: z.boolean().default(false).meta({
      description: 'With `path`: a document without the key that the path begins with is itself a record.',
    }),
    field: z
      .string()
      .optional()
      .meta({ description: 'Key of the document whose text contains the record as JSON, perhaps after other words.' }),
    prefix: z.boolean().default(false).meta({
      description:
        'The JSON stands inside a line of text; what precedes it becomes `envelope.prefix`, what follows it `envelope.suffix`.',
    }),
    envelope: z
      .array(z.string())
      .default([])
      .meta({ description: 'Keys of the document that go to the envelope of each of its records.' }),
    embedded: z
      .boolean()
      .default(false)
      .meta({ description: 'Each value found is a text that contains JSON. The same as `each: json()`.' }),
    each: parserUse
      .optional()
      .meta({ description: 'Each value found is a text for this further parser, such as `csv()`.' }),
  })
  .refine((given) => given.path === undefined || given.field === undefined, {
    error: 'path and field exclude each other',
  })
  .refine((given) => !given.alone || given.path !== undefined, { error: 'alone needs a path' })
  .refine((given) => !given.embedded || given.each === undefined, { error: 'embedded and each exclude each other' })

/**
 * JSON (RFC 8259). A document that is a list holds a record in each element. A value that is no object is a failure of
 * its own; its neighbours stand. Where the document is the record, keys named in `envelope` leave it.
 */
export const json = defineParser({
  name: 'json',
  summary: 'JSON documents, lists and lines; records under a path, inside a field or inside a line of text.',
  options,
  framing: (given) => (given.prefix ? 'lines' : 'json'),
  gate: gateOf,
  readsObject,
  usesFields: (given) => given.each !== undefined && usesFields(given.each),
  compile(given, fields): ParseText {
    const { select, key, only } = pathOf(given)
    if (given.alone && key === undefined)
      throw new CodedError('SCHEMA_INVALID', `alone: the path "${given.path}" begins with no key.`)
    const inner = given.each ? compileUse(given.each, fields) : given.embedded ? parseEmbedded : undefined
    const keys = given.envelope
    const isWhole = given.path === undefined && given.field === undefined && inner === undefined

    const readValue = (value: unknown, shared: Envelope): ReturnType<ParseText> => {
      if (inner === undefined) return [toRecord(value, shared)]
      if (typeof value !== 'string') return { failure: `expected a text, found ${kindOf(value)}` }
      return wrap(inner(value, noStream), shared)
    }

    return (text, context) => {
      const read = given.prefix ? readLine(text) : readText(text, context)
      if ('failure' in read) return read
      const { value: document, around }: Read = read
      if (isWhole || (given.alone && isAlone(document, key))) {
        if (Array.isArray(document)) return document.map((value) => partition(value, keys, around))
        return [partition(document, keys, around)]
      }
      const values = select(document)
      if (typeof values === 'string') return { failure: values }
      const shared = pick(document, keys, around)
      const results: (Parsed | ParseFailure)[] = []
      for (const [n, value] of values.entries()) {
        const found = readValue(value, shared)
        for (const one of 'failure' in found ? [found] : found) {
          const several = only && values.length > 1 && failed(one)
          results.push(several ? { ...one, text: () => JSON.stringify({ ...shared, ...only(document, n) }) } : one)
        }
      }
      return results
    }
  },
})

/** Records are objects, or stand in one or in a list; blanks may come first. */
const begins = (code: number) => code === 0x7b || code === 0x5b || code <= 0x20

const bracketOpens: Gate = { name: 'json', begins }
const bracketWithin: Gate = { name: 'json inside', words: ['{'] }

/** A document must have the key that leads to its records, or else, as a record itself, one that its schema requires. */
function gateOf(given: Options, required: readonly (readonly string[])[]): Gate {
  if (given.prefix) return bracketWithin
  const { key, only } = pathOf(given)
  const anyRecord = given.alone && required.some((names) => names.length === 0)
  if (key === undefined || anyRecord || (!given.alone && !only && given.field === undefined)) return bracketOpens
  const telling = (names: readonly string[]) => {
    const around = names.filter((name) => given.envelope.includes(name))
    return longest(around.length > 0 ? around : names)
  }
  const keys = [...new Set([key, ...(given.alone ? required.map(telling) : [])])].toSorted()
  return {
    name: `json ${JSON.stringify(keys)}`,
    begins,
    passes(text, context) {
      const read = readText(text, context)
      return 'value' in read && (!isObject(read.value) || holdsAny(read.value, keys))
    },
  }
}

function readsObject(given: Options): ObjectReading | undefined {
  const { path, field, alone, envelope } = given
  const isPlain = !given.embedded && given.each === undefined
  const isEnvelopeOfKeys = given.each === undefined
  if (given.prefix) return undefined
  if (path === undefined && field === undefined)
    return isPlain ? { unless: envelope, is: 'record', isEnvelopeOfKeys } : undefined
  const { key, only } = pathOf(given)
  // The gate lets nothing else pass.
  if (!alone)
    return key !== undefined && (only || field !== undefined)
      ? { unless: [key], is: 'nothing', isEnvelopeOfKeys }
      : undefined
  const list = isPlain && envelope.length === 0 && path === `${key}[*]` ? key : undefined
  return { unless: [key!, ...envelope], is: 'record', isEnvelopeOfKeys, ...(list !== undefined && { list }) }
}

/** Long names are rarer: they tell more. */
const longest = (names: readonly string[]) => names.reduce((best, name) => (name.length > best.length ? name : best))

type Envelope = Record<string, unknown> | undefined

type Options = z.output<typeof options>

interface Read {
  readonly value: unknown
  /** What stood around the JSON. */
  readonly around?: Record<string, unknown>
}

function readText(text: string, { once, safeIntegers }: ParseContext): JsonResult {
  const parse = safeIntegers ? parseSafeJson : parseJson
  return once ? once(parse, text) : parse(text)
}

function readLine(text: string): Read | ParseFailure {
  const found = findJson(text)
  if (!found) return { failure: 'no JSON inside the text' }
  const around: Record<string, unknown> = { prefix: text.slice(0, found.span.start).trimEnd() }
  const suffix = text.slice(found.span.end).trim()
  if (suffix !== '') around.suffix = suffix
  return { value: found.value, around }
}

/** True for a record on its own, or a list of such. */
const isAlone = (document: unknown, key: string | undefined): boolean =>
  Array.isArray(document) || (isObject(document) && !Object.hasOwn(document, key as string))

function pathOf({ path, field }: Options): RecordPath {
  if (path !== undefined) return compileJmespath(path)
  if (field === undefined)
    return { select: (document) => (Array.isArray(document) ? document : [document]), key: undefined }
  const select: RecordPath['select'] = (document) => {
    if (!isObject(document) || !Object.hasOwn(document, field)) return `no key ${field} in the document`
    const text = document[field]
    if (isObject(text)) return [text]
    if (typeof text !== 'string') return `key ${field}: expected a text, found ${kindOf(text)}`
    const found = findJson(text)
    if (!found) return `key ${field}: no JSON inside the text`
    return Array.isArray(found.value) ? found.value : [found.value]
  }
  return { select, key: field }
}

/** The named keys of a document, beside what is known already; undefined when there is nothing. */
function pick(document: unknown, keys: readonly string[], around: Record<string, unknown> | undefined) {
  if (keys.length === 0 || !isObject(document)) return around
  const envelope: Record<string, unknown> = { ...around }
  for (const key of keys) if (Object.hasOwn(document, key)) put(envelope, key, document[key])
  return envelope
}

const toRecord = (value: unknown, envelope: Record<string, unknown> | undefined): Parsed | ParseFailure =>
  !isObject(value)
    ? { failure: `expected an object, found ${value === undefined ? 'nothing' : kindOf(value)}` }
    : envelope === undefined
      ? { data: value }
      : { data: value, envelope }

/** Splits a record in two: the keys that go to the envelope, and all others. */
function partition(value: unknown, keys: readonly string[], around: Envelope): Parsed | ParseFailure {
  if (!isObject(value) || !holdsAny(value, keys)) return toRecord(value, around)
  const data: Record<string, unknown> = {}
  for (const key of Object.keys(value)) if (!keys.includes(key)) put(data, key, value[key])
  return { data, envelope: pick(value, keys, around) ?? {} }
}

function holdsAny(value: Record<string, unknown>, keys: readonly string[]): boolean {
  for (const key of keys) if (value[key] !== undefined && Object.hasOwn(value, key)) return true
  return false
}

const parseEmbedded: ParseText = (text, context) => {
  const read = readText(text, context)
  if ('failure' in read) return read
  return [read.value].flat().map((value) => toRecord(value, undefined))
}
