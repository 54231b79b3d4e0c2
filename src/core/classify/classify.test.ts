import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { compileClassifier, selectSchemas } from './index.ts'
import { json } from '../../parsers/index.ts'
import type { Gate, Parsed, ParseFailure, Parser, Schema } from '../contracts/index.ts'
import { list } from '../fields/spec.ts'
import { parseJson } from '../json.ts'
import { defineParser } from '../parser.ts'
import { type SchemaOptions, defineSchema } from '../schema.ts'

const context = { first: false }

/** A document's records: itself, its elements, or those under `Records`, with other keys as envelope. Counts its calls. */
const calls: string[] = []
const documents = defineParser({
  name: 'documents',
  summary: 'For tests.',
  options: z.strictObject({ records: z.boolean().default(false), label: z.string().default('') }),
  framing: () => 'json',
  compile(options) {
    return (text, { once }) => {
      calls.push(text)
      const read = once!(parseJson, text)
      if ('failure' in read) return read
      const { Records, ...envelope } = read.value as { Records?: unknown[] }
      if (!options.records) return [read.value].flat().map(one)
      return Records ? Records.map(one).map((each) => ({ ...each, envelope })) : { failure: 'has no Records' }
    }
  },
})
const one = (data: unknown): Parsed | ParseFailure =>
  typeof data === 'object' && data !== null ? { data: data as Record<string, unknown> } : { failure: 'is no object' }

const words = defineParser({
  name: 'words',
  summary: 'For tests: a comment, or words that fill the fields in turn.',
  options: z.strictObject({}),
  framing: () => 'lines',
  compile: (_, fields) => (text) => {
    if (text.startsWith('#')) return []
    const parts = text.split(' ')
    if (parts.length !== fields.length)
      return { failure: `has ${parts.length} words, not ${fields.length}`, at: parts[0]!.length }
    return [{ data: Object.fromEntries(parts.map((part, at) => [fields[at], part])) }]
  },
})

type Options = Partial<SchemaOptions<Schema['fields']>>
const schema = (name: string, fields: Schema['fields'], options: Options = {}): Schema =>
  defineSchema({ name, description: name, parse: documents(), fields, ...options })

/** For each record of a text, its schema's name or the reason why it has none. */
const classify = (schemas: readonly Schema[], value: unknown) =>
  compileClassifier(schemas)
    .classify(typeof value === 'string' ? value : JSON.stringify(value), context)
    .map((result) => ('schema' in result ? result.schema.name : result.reason))

/** The same in every order of the schemas. */
function inEveryOrder(schemas: readonly Schema[], value: unknown) {
  const results = permutations(schemas).map((order) => JSON.stringify(classify(order, value)))
  expect(new Set(results).size).toBe(1)
  return JSON.parse(results[0]!)
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))

describe('which schema wins', () => {
  test('the one that demands more', () => {
    const schemas = [
      schema('a', { x: 'string' }),
      schema('b', { x: 'string', y: 'string' }),
      schema('c', { x: 'string', y: 'string?', z: 'string?' }),
      schema('d', { x: 'string', w: { v: 'string', u: 'string' } }),
    ]
    expect(inEveryOrder(schemas, { x: 'x' })).toEqual(['a'])
    expect(inEveryOrder(schemas, { x: 'x', y: 'y' })).toEqual(['b'])
    expect(inEveryOrder(schemas, { x: 'x', y: 'y', w: { v: 'v', u: 'u' } })).toEqual(['d'])
  })

  test('patterns count as demands; priority goes before', () => {
    const schemas = [
      schema('a', { x: 'string', y: 'string?' }),
      schema('b', { x: 'string' }, { patterns: { x: 'b*' } }),
      schema('c', { x: 'string', y: 'string?' }, { priority: 1, patterns: { x: '*!' } }),
    ]
    expect(inEveryOrder(schemas, { x: 'bb' })).toEqual(['b'])
    expect(inEveryOrder(schemas, { x: 'aa' })).toEqual(['a'])
    expect(inEveryOrder(schemas, { x: 'b!' })).toEqual(['c'])
  })

  test('one that reads JSON before one that reads lines', () => {
    const raw = schema('raw', { a: 'string', b: 'string' }, { parse: words() })
    const first = schema('first', { a: 'string', b: 'string' }, { parse: words(), priority: 1 })
    const json = schema('json', {})
    expect(inEveryOrder([raw, json], '{"x": 1}')).toEqual(['json'])
    expect(inEveryOrder([first, json], '{"x": 1}')).toEqual(['first'])
    expect(inEveryOrder([raw, json], 'x y')).toEqual(['raw'])
  })

  test('the first name, where all else is equal', () => {
    expect(inEveryOrder([schema('b', { x: 'string' }), schema('a', { x: 'string' })], { x: 'x' })).toEqual(['a'])
  })

  test('among many, found by their fields', () => {
    const many = Array.from({ length: 40 }, (_, n) => schema(`s${n}`, { shared: 'string', [`own${n}`]: 'integer' }))
    const all = [...many, schema('any', {}), schema('other', { shared: 'string', own3: 'string', more: 'string' })]
    for (const order of [all, all.toReversed()]) {
      expect(classify(order, { own7: 1, shared: 'x' })).toEqual(['s7'])
      expect(classify(order, { shared: 'x', own3: 'x', more: 'x' })).toEqual(['other'])
      expect(classify(order, { shared: 'x', own3: '3', more: 'x' })).toEqual(['other'])
      expect(classify(order, { shared: 'x', own3: '3' })).toEqual(['s3'])
      expect(classify(order, { shared: 'x' })).toEqual(['any'])
    }
  })
})

describe('documents', () => {
  const records = documents({ records: true })
  const event = schema('event', { id: 'string', time: 'string' }, { parse: records })
  const digest = schema('digest', { id: 'string', files: list('string') }, { parse: records })
  const plain = schema('plain', { id: 'string' })

  test('each record is classified on its own', () => {
    const value = { Records: [{ id: '1', time: 't' }, { id: '2', files: [] }, { id: 3 }, 'x', { id: '4', time: 't' }] }
    expect(inEveryOrder([event, digest, plain], value)).toEqual([
      'event',
      'digest',
      'RECORD_NO_SCHEMA',
      'RECORD_UNPARSABLE',
      'event',
    ])
  })

  test('are read by the parser of the schema that wins, even when one record is broken', () => {
    const any = schema('any', {})
    expect(inEveryOrder([event, any], { Records: [{ id: '1', time: 't' }, {}] })).toEqual(['event', 'RECORD_NO_SCHEMA'])
    expect(inEveryOrder([event, any], { Records: [{}] })).toEqual(['any'])
  })

  test('a record that none takes is given with its own text', () => {
    const [, refused] = compileClassifier([event]).classify('{"Records":[{"id":"1","time":"t"},{"id":"2"}]}', context)
    expect(refused).toMatchObject({
      text: '{"id":"2"}',
      nearest: { schema: 'event', field: 'time', message: 'is missing' },
    })
  })

  test('envelopes are checked, coerced and matched', () => {
    const around = schema(
      'around',
      { id: 'string' },
      { parse: records, envelope: { owner: 'integer', region: 'string?' } },
    )
    const eu = schema('eu', { id: 'string' }, { parse: records, patterns: { 'envelope.region': 'eu-*' } })
    const found = compileClassifier([around]).classify('{"owner":"12","more":1,"Records":[{"id":"1"}]}', context)
    expect(found).toMatchObject([{ envelope: { owner: 12, more: 1 }, drift: [] }])
    expect(classify([around], { Records: [{ id: '1' }] })).toEqual(['RECORD_NO_SCHEMA'])
    expect(classify([eu], { region: 'eu-west-1', Records: [{ id: '1' }] })).toEqual(['eu'])
    expect(classify([eu], { region: 'us-east-1', Records: [{ id: '1' }] })).toEqual(['RECORD_NO_SCHEMA'])
    expect(classify([eu], { Records: [{ id: '1' }] })).toEqual(['RECORD_NO_SCHEMA'])
  })

  test('a record that none takes can be classified again by its own text, with what stood around it', () => {
    const parse = json({ path: 'logs[*].event', alone: true, envelope: ['owner'] })
    const around = { parse, envelope: { owner: 'string' } } as const
    const text =
      '{"owner":"o","logs":[{"event":{"id":"1"}},{"event":{"id":2,"n":"x"}},{"event":5},{"event":{"id":"4"}}]}'
    const found = compileClassifier([schema('event', { id: 'string', n: 'integer?' }, around)]).classify(text, context)
    const [, refused, broken] = found as readonly { text?: string; message?: string }[]
    const mended = compileClassifier([schema('event', { id: 'string', n: 'string?' }, around)])
    expect(mended.classify(refused!.text!, context)).toMatchObject([
      { data: { id: '2', n: 'x' }, envelope: { owner: 'o' } },
    ])
    expect(mended.classify(broken!.text!, context)).toMatchObject([{ message: broken!.message }])
  })

  test('an empty document has no records', () => {
    expect(classify([event], { Records: [] })).toEqual([])
  })
})

describe('patterns', () => {
  const patterned = schema(
    'p',
    { a: 'string', n: { k: 'json' } },
    { patterns: { a: ['x*', 'y*'], 'n.k': '4?', 'n.l[].m': 'deep' } },
  )

  test.for<[unknown, string]>([
    [{ a: 'x1', n: { k: 42, l: [{}, { m: 'deep' }] } }, 'p'],
    [{ a: 'y', n: { k: ['1', '43'], l: [{ m: 'deep' }] } }, 'p'],
    [{ a: 'z', n: { k: 42, l: [{ m: 'deep' }] } }, 'RECORD_NO_SCHEMA'],
    [{ a: 'x', n: { k: 52, l: [{ m: 'deep' }] } }, 'RECORD_NO_SCHEMA'],
    [{ a: 'x', n: { k: null, l: [{ m: 'deep' }] } }, 'RECORD_NO_SCHEMA'],
    [{ a: 'x', n: { k: 42 } }, 'RECORD_NO_SCHEMA'],
  ])('%j is %s', ([value, result]) => {
    expect(classify([patterned], value)).toEqual([result])
  })
})

describe('parsing', () => {
  test('happens once for all schemas with the same parser and options', () => {
    const schemas = [
      schema('a', { x: 'string' }),
      schema('b', { y: 'string' }),
      schema('c', { z: 'string' }, { parse: documents({ label: 'other' }) }),
    ]
    calls.length = 0
    expect(classify(schemas, { q: 1 })).toEqual(['RECORD_NO_SCHEMA'])
    expect(calls).toHaveLength(2)
  })

  test('is left out for texts that a gate tells; when nothing takes them, each parser says what it missed', () => {
    const asked: string[] = []
    const gated = (name: string, gate: Partial<Gate>) => ({
      parser: {
        ...documents.parser,
        name,
        gate: () => ({ name, ...gate }),
        compile: () => (text: string) => {
          asked.push(name)
          return { failure: `${name} cannot read ${text}` }
        },
      } as Parser,
      options: {},
    })
    const schemas = [
      schema('a', { x: 'string' }, { parse: gated('begins', { begins: (code) => code === 0x61 }) }),
      schema('b', { x: 'string' }, { parse: gated('words', { words: ['in it', 'or'] }) }),
      schema('c', { x: 'string' }, { parse: gated('passes', { passes: (text) => text.length > 6 }) }),
      schema('last', { a: 'string', b: 'string' }, { parse: words(), priority: -1 }),
    ]
    const parsersAsked = (text: string) => {
      asked.length = 0
      compileClassifier(schemas).classify(text, context)
      return asked
    }
    expect(parsersAsked('y z')).toEqual([])
    expect(parsersAsked('a z')).toEqual(['begins'])
    expect(parsersAsked('y or')).toEqual(['words'])
    expect(parsersAsked('yyyyyyy z')).toEqual(['passes'])
    expect(parsersAsked('y')).toEqual(['begins', 'words', 'passes'])
  })

  test('of the same text gives records of their own', () => {
    const classifier = compileClassifier([schema('a', { n: 'integer' })])
    const [first, second] = [1, 2].map(() => classifier.classify('{"n":"1"}', context)[0]!) as { data?: unknown }[]
    expect(first).toEqual(second)
    expect(first!.data).not.toBe(second!.data)
  })

  test('text parsers and JSON live side by side; a parser may depend on the names of fields', () => {
    const schemas = [
      schema('two', { a: 'string', b: 'integer' }, { parse: words() }),
      schema('three', { a: 'string', b: 'integer', c: 'ip' }, { parse: words() }),
      schema('json', { a: 'string' }),
    ]
    expect(inEveryOrder(schemas, 'x 1')).toEqual(['two'])
    expect(inEveryOrder(schemas, 'x 1 ::1')).toEqual(['three'])
    expect(inEveryOrder(schemas, '{"a":"x"}')).toEqual(['json'])
    expect(inEveryOrder(schemas, '# note')).toEqual([])
    expect(inEveryOrder(schemas, 'x y')).toEqual(['RECORD_NO_SCHEMA'])
    expect(inEveryOrder(schemas, 'x')).toEqual(['RECORD_UNPARSABLE'])
    expect([...compileClassifier(schemas).framings].sort()).toEqual(['json', 'lines'])
  })

  test('coerces what it takes, and keeps what it does not know', () => {
    const strict = schema('strict', { n: 'integer', s: 'integer' })
    const loose = schema('loose', { n: 'string' })
    const found = compileClassifier([strict, loose]).classify('{"n":"1","s":"x"}', context)
    expect(found).toMatchObject([{ schema: { name: 'loose' }, data: { n: '1', s: 'x' }, drift: ['s'] }])
  })

  test('extra fields can be refused', () => {
    const closed = schema('closed', { a: 'string' }, { extraFields: 'reject' })
    expect(classify([closed], { a: 'x' })).toEqual(['closed'])
    expect(classify([closed], { a: 'x', b: 1 })).toEqual(['RECORD_NO_SCHEMA'])
  })
})

describe('what nothing takes', () => {
  const refuse = (schemas: readonly Schema[], text: string) => compileClassifier(schemas).classify(text, context)[0]

  test('says which schema came nearest, and where it failed', () => {
    const schemas = [
      schema('near', { a: 'string', b: 'string', c: 'integer' }),
      schema('far', { q: 'string' }),
      schema('text', { a: 'string', b: 'string' }, { parse: words() }),
    ]
    expect(refuse(schemas, '{"a":"x","b":"x","c":"x"}')).toEqual({
      reason: 'RECORD_NO_SCHEMA',
      message: 'No schema takes it. Nearest is near: c expected an integer, found other text.',
      nearest: { schema: 'near', field: 'c', message: 'expected an integer, found other text' },
    })
  })

  test('says which pattern does not match', () => {
    expect(refuse([schema('p', { a: 'string' }, { patterns: { a: ['x*', 'y'] } })], '{"a":"z"}')).toMatchObject({
      nearest: { schema: 'p', field: 'a', message: 'does not match x* or y' },
    })
  })

  test('says what a parser missed: too deep goes first, then the one that got furthest', () => {
    const json = schema('json', { a: 'string' })
    const text = schema('text', { a: 'string', b: 'string' }, { parse: words() })
    expect(refuse([json], '{"a":')).toMatchObject({
      reason: 'RECORD_UNPARSABLE',
      message: expect.stringContaining('documents: JSON'),
    })
    expect(refuse([json, text], 'word')).toMatchObject({
      message: 'words: has 1 words, not 2 (and 1 more parsers cannot read it)',
    })
    expect(refuse([json, text], '"word"')).toMatchObject({ message: expect.stringContaining('1 more') })
    const deep = '['.repeat(10_000) + ']'.repeat(10_000)
    expect(refuse([json, text], deep)).toMatchObject({ reason: 'RECORD_TOO_DEEP' })
    expect(refuse([], 'x')).toMatchObject({ reason: 'RECORD_UNPARSABLE' })
  })
})

describe('selection by name', () => {
  const all = ['osquery:status', 'osquery:batch', 'sshd', 'okta:logs'].map((name) => schema(name, {}))
  const select = (names?: readonly string[]) => selectSchemas(all, names).map(({ name }) => name)

  test('takes names, groups and globs, each schema once, in the order of all', () => {
    expect(select()).toHaveLength(4)
    expect(select([])).toEqual([])
    expect(select(['sshd', 'osquery'])).toEqual(['osquery:status', 'osquery:batch', 'sshd'])
    expect(select(['osquery:b*', 'osquery:batch'])).toEqual(['osquery:batch'])
  })

  test('refuses a name that nothing answers to, and offers the nearest', () => {
    expect(() => select(['osqery'])).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNKNOWN_NAME', hint: 'Did you mean "osquery"?' }),
    )
    expect(() => select(['ssh:*'])).toThrow(expect.objectContaining({ code: 'CONFIG_UNKNOWN_NAME' }))
    expect(() => select(['os'])).toThrow(expect.objectContaining({ code: 'CONFIG_UNKNOWN_NAME' }))
  })
})
