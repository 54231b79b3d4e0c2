import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as library from '../../../rules/index.ts'
import { cloudtrailEvents, schemas } from '../../../schemas/index.ts'
import { type Random, createRandom } from '../../../scripts/data/random.ts'
import { builtInSample } from '../../testing/built-in-samples.ts'
import { compileClassifier } from '../classify/index.ts'
import type { Frame, FrameResult, Rule } from '../contracts/index.ts'
import { createSkimmer } from '../skim/index.ts'
import { blocksOf } from '../split/index.ts'
import { defineRule } from '../rule.ts'
import { unguarded } from './guard.ts'
import { compileEvaluation } from './index.ts'
import { compileRules } from './rules.ts'

const isRule = (value: unknown): value is Rule => typeof value === 'object' && value !== null && 'info' in value
const rules = Object.values(library as Record<string, unknown>)
  .flat()
  .filter(isRule)
const sha = (text: string) => hash('sha256', text, 'hex')
const classifier = compileClassifier(schemas)
const options = {
  ...{ classifierOf: () => classifier, rules, decoders: [], hash: sha },
  limits: { maxBodyBytes: 1e8, maxKeptBytes: 1e6 },
}

const frameOf = (text: string): Frame => ({
  ...{ source: 'test:test', cluster: 'prod', origin: 'here', offset: 7, receivedAt: Date.UTC(2026, 10, 1) },
  ...{ mode: 'live', encoded: false, bytes: new TextEncoder().encode(text) },
})

/** The same whatever the order of hits and counts. How often rules were asked is told when they fail, for what came before. */
const plain = ({ hits, counts, ...rest }: FrameResult) => ({
  ...rest,
  hits: hits.map((hit) => JSON.stringify(hit)).toSorted(),
  counts: counts
    .filter(({ metric }) => metric !== 'asked')
    .map((count) => JSON.stringify(count))
    .toSorted(),
})

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

const texts = [
  '',
  'x',
  'root',
  '10.1.2.3',
  '2026-10-31T12:00:00Z',
  '12',
  'true',
  'with "quotes" and \\',
  'ü漢\u{1f600}',
  '\u0000',
]
const scalars: readonly Json[] = [...texts, 0, -1, 1.5, 1e300, 9007199254740993, true, false, null]

/** Another record of the same outline. */
function revalued(random: Random, value: Json): Json {
  if (typeof value === 'string') return random.chance(0.15) ? random.pick(texts) : value
  if (typeof value === 'number') return Number.isInteger(value) && random.chance(0.3) ? random.integer(0, 1e6) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((inner: Json) => revalued(random, inner))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revalued(random, inner)]))
}

/** A record with another outline: keys gone, added, in another order, values of other kinds. */
function reshaped(random: Random, value: Json): Json {
  if (random.chance(0.02)) return random.pick([...scalars, [], {}, [{}], ['x', 1], { a: { b: 1 } }])
  if (Array.isArray(value)) {
    const list = value.map((inner: Json) => reshaped(random, inner))
    return random.chance(0.1) ? [...list, ...list] : list
  }
  if (typeof value !== 'object' || value === null) return value
  let entries = Object.entries(value).map(([key, inner]) => [key, reshaped(random, inner)] as const)
  entries = entries.filter(() => random.chance(0.97))
  if (random.chance(0.1)) entries.push([random.pick(['new', 'toString', 'a.b', 'ü', 'Records']), random.pick(scalars)])
  if (random.chance(0.05)) entries.reverse()
  return Object.fromEntries(entries)
}

/** JSON in one of the ways to write it. */
function written(random: Random, value: Json): string {
  const text = JSON.stringify(value)
  switch (random.integer(0, 12)) {
    case 0:
      return JSON.stringify(value, undefined, 1).replaceAll('\n', ' ')
    case 1:
      return text.replace(/^\{"(.)/, (_, first: string) => `{"\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`)
    case 2:
      return text.replace(/^\{("[^"]*":)/, '{$1null,$1')
    default:
      return text
  }
}

const samples = schemas
  .flatMap(({ name }) => builtInSample(name) ?? [])
  .flatMap((sample) => sample.split('\n'))
  .filter((line) => /^\{".*\}$/.test(line))
  .map((line): Json => JSON.parse(line))

/** Lines of all kinds of records, each outline several times, with what else stands in logs. */
function stream(random: Random, outlines: number, times: number): string {
  const shapes = Array.from({ length: outlines }, () => {
    const sample = random.pick(samples)
    return random.chance(0.5) ? sample : reshaped(random, sample)
  })
  const lines = Array.from({ length: outlines * times }, () => {
    if (random.chance(0.005))
      return random.pick([
        '',
        'no JSON',
        '{"a":',
        '[{"a":1}]',
        '{"a":1} {"b":2}',
        '{"a":1},',
        ',{"a":1}',
        ',',
        '\ufeff{"a":1}',
        '{\n"a":1\n}',
      ])
    return written(random, revalued(random, random.pick(shapes))) + random.pick(['', '', '', '\r', ' '])
  })
  return `${lines.join('\n')}\n`
}

test('records that are skimmed give what records that are built give', () => {
  const random = createRandom(11)
  const [built, skimmed] = [compileEvaluation({ ...options, skims: false }), compileEvaluation(options)]
  for (let round = 0; round < 2; round++) {
    const frame = frameOf(stream(random, 80, 8))
    for (let again = 0; again < 2; again++) expect(plain(skimmed(frame))).toEqual(plain(built(frame)))
  }
})

const event = (eventName: string, more: object = {}) =>
  JSON.stringify({
    ...{ eventVersion: '1.09', eventTime: '2026-10-31T12:00:00Z', eventSource: 'ec2.amazonaws.com', eventName },
    ...{ awsRegion: 'eu-central-1', eventID: 'e', userIdentity: { type: 'IAMUser' }, ...more },
  })

/** Plain rules on CloudTrail, as people write them. */
const plainRule = (name: string, match: (record: Record<string, never>) => boolean, more: object = {}) =>
  defineRule({ name, description: 'x', severity: 'low', schemas: [cloudtrailEvents], match, ...more } as never)

const withRules = (own: readonly Rule[], skims = true) => compileEvaluation({ ...options, rules: own, skims })

test('rules without conditions see what they would not surely deny', () => {
  const seen: string[] = []
  const sees = (record: Record<string, never>) => seen.push(record['eventName']!) < 0
  const own = [
    plainRule('one', (record) => record['eventName'] === 'RunInstances' && sees(record)),
    plainRule('two', (record) => record['errorCode'] === 'AccessDenied' && sees(record), { clusters: ['pci'] }),
    plainRule('three', (record) => record['apiVersion'] === '7' && sees(record), { requires: ['apiVersion'] }),
  ]
  const lines = ['DescribeInstances', 'RunInstances', 'ListBuckets'].map((name) => event(name))
  const others = [
    event('Denied', { errorCode: 'AccessDenied' }),
    event('Other', { apiVersion: '8' }),
    event('Seven', { apiVersion: '7' }),
  ]
  const text = `${[...lines, ...others].join('\n')}\n`.repeat(40)
  const evaluate = withRules(own)
  expect(evaluate(frameOf(text)).records).toBe(240)
  expect(new Set(seen)).toEqual(new Set(['RunInstances', 'Seven']))
  evaluate({ ...frameOf(text), cluster: 'pci' })
  expect(new Set(seen)).toEqual(new Set(['RunInstances', 'Seven', 'Denied']))
})

test('rules that fail were asked about the records that they deny, too', () => {
  const fails = plainRule('fails', (record) => record['eventName'] === 'Bad' && record['none']!['deep'] === 1)
  const text = `${Array.from({ length: 400 }, (_, n) => event(n % 20 === 0 ? 'Bad' : 'Good')).join('\n')}\n`
  const total = (skims: boolean, metric: string) => {
    const evaluate = withRules([fails], skims)
    const counts = Array.from({ length: 10 }, () => evaluate(frameOf(text)).counts).flat()
    return counts.reduce((sum, count) => sum + (count.metric === metric ? count.n : 0), 0)
  }
  expect(total(true, 'rule_errors')).toBe(200)
  expect(total(false, 'rule_errors')).toBe(200)
  expect(total(false, 'asked')).toBe(4_000)
  expect(total(true, 'asked')).toBeGreaterThan(3_900)
  expect(total(true, 'asked')).toBeLessThanOrEqual(4_000)
})

test('a pattern of a rule is asked where somebody watches', () => {
  const slow = defineRule({
    ...{ name: 'slow', description: 'x', severity: 'low', schemas: [cloudtrailEvents] },
    where: { eventName: { matches: /^Run/ } },
  } as never)
  const text = `${event('RunInstances')}\n${event('Other')}\n`.repeat(40)
  const watched: number[] = []
  const guard = { ...unguarded, matching: (_: number, item: number) => (watched.push(item), 'run' as const) }
  expect(withRules([slow])(frameOf(text), { guard }).hits).toHaveLength(40)
  expect(watched).toEqual(Array.from({ length: 80 }, (_, n) => n))
})

test('most records of known outlines pass', () => {
  const random = createRandom(12)
  const skimmer = createSkimmer(classifier, compileRules([], sha).interestIn)!
  const frame = frameOf(
    Array.from({ length: 20 }, () => samples.map((sample) => JSON.stringify(revalued(random, sample))).join('\n')).join(
      '\n',
    ),
  )
  let passed = 0
  let others = 0
  for (const [from, to] of blocksOf(frame.bytes, 'json')) {
    skimmer.skim(frame, frame.bytes, from, to, {
      pass: () => passed++,
      document: () => others++,
      read: () => others++,
    })
  }
  expect(passed).toBeGreaterThan(others)
})

test('documents of records', () => {
  const random = createRandom(13)
  const [built, skimmed] = [compileEvaluation({ ...options, skims: false }), compileEvaluation(options)]
  const events = samples.filter((sample) => typeof sample === 'object' && sample !== null && 'eventVersion' in sample)
  expect(events.length).toBeGreaterThan(0)
  for (let round = 0; round < 30; round++) {
    const records = Array.from({ length: random.pick([0, 1, 2, 40]) }, () => {
      const event = random.pick(events)
      const shaped = random.chance(0.1) ? reshaped(random, event) : event
      return written(random, revalued(random, shaped))
    })
    if (random.chance(0.2)) records.push(random.pick(['null', '1', '{}', '{"eventName":"x"}', '"x"']))
    const end = random.pick([']}', ']}\n', '] }', '],"more":1}', ']', ']}x'])
    const frame = frameOf(`${' '.repeat(16_384)}\n{"Records":[${records.join(',')}${end}`)
    expect(plain(skimmed(frame))).toEqual(plain(built(frame)))
  }
})
