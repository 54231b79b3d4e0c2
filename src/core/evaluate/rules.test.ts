import { hash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { defineRule, defineSchema, matcher } from '../../index.ts'
import { json } from '../../parsers/index.ts'
import type { Frame, Rule, Schema, Tables } from '../contracts/index.ts'
import { compileNormalise } from '../normalise.ts'
import { unguarded } from './guard.ts'
import type { Item } from './item.ts'
import { compileRules } from './rules.ts'
import { createTally } from './tally.ts'

const fields = { n: 'integer', address: 'string?', user: { name: 'string?' } } as const
const one = defineSchema({
  name: 'one',
  description: 'x',
  parse: json(),
  fields,
  normalise: { source_ip: 'address', user: 'user.name' },
})
const other = defineSchema({ ...one, name: 'other', normalise: { source_ip: 'address' } })
const plain = defineSchema({ ...one, name: 'plain', normalise: {} })

const base = { name: 'a-rule', description: 'x', severity: 'low', schemas: [one], match: () => true } as const
const declare = (more: object): Rule => defineRule(Object.assign({ ...base }, more))

const item = (schema: Schema, data: Record<string, unknown>, at: number): Item => ({
  schema,
  data,
  envelope: undefined,
  normalised: () => compileNormalise(schema)(data),
  time: at * 1000,
  position: () => `p#${at}`,
  text: () => JSON.stringify(data),
  number: at,
})

const frame: Frame = {
  ...{ source: 'test:test', cluster: 'prod', origin: 'p', offset: 0, receivedAt: 0, mode: 'live', encoded: false },
  bytes: new Uint8Array(),
}

/** Numbers of the records that each rule hits, with what it counted. */
function run(
  rules: readonly Rule[],
  records: readonly (readonly [Schema, Record<string, unknown>])[],
  tables?: Tables,
  cluster = frame.cluster,
) {
  const tally = createTally()
  const items = records.map(([schema, data], n) => item(schema, data, n))
  const set = compileRules(rules, (text) => hash('sha256', text), tables)
  const { hits, quarantine } = set.evaluate({ ...frame, cluster }, items, unguarded, tally)
  const counts = Object.fromEntries(tally.counts().map(({ metric, n }) => [metric, n]))
  return { seen: hits.map(({ record }) => Number(record.position.slice(2))), hits, quarantine, counts, set }
}

test('alerts are seen by rules that name their log type, and those of rules over alerts by none', () => {
  const fields = { schema: 'string', user: { name: 'string?' } } as const
  const alerts = defineSchema({ ...one, name: 'streamalert:alerts', fields, normalise: { user: 'user.name' } })
  const records = [
    [alerts, { schema: 'one', user: { name: 'ada' } }],
    [alerts, { schema: 'streamalert:alerts', user: { name: 'ada' } }],
    [one, { user: { name: 'ada' } }],
  ] as const
  expect(run([declare({ schemas: [alerts] })], records).seen).toEqual([0])
  expect(run([declare({ schemas: undefined, types: ['user'] })], records).seen).toEqual([2])
})

describe('types', () => {
  const records = [
    [one, { address: '10.0.0.1', user: {} }],
    [other, { address: '10.0.0.2' }],
    [plain, { address: '10.0.0.3' }],
    [one, { address: '', user: { name: 'ada' } }],
    [one, { user: {} }],
    [other, {}],
  ] as const
  it.each<[string, object, number[]]>([
    ['one type, any log type', { schemas: undefined, types: ['source_ip'] }, [0, 1]],
    ['either of two types', { schemas: undefined, types: ['source_ip', 'user'] }, [0, 3, 1]],
    ['both log type and type', { types: ['source_ip'] }, [0]],
    [
      'with indexed conditions',
      { schemas: undefined, types: ['source_ip'], where: { address: { oneOf: ['10.0.0.2', '10.0.0.3'] } } },
      [1],
    ],
    ['a type that nothing has', { schemas: undefined, types: ['file_hash'] }, []],
    ['a name that objects inherit', { schemas: undefined, types: ['constructor'] }, []],
    ['log type alone', {}, [0, 3, 4]],
  ])('%s', (_, options, seen) => {
    expect(run([declare(options)], records).seen).toEqual(seen)
  })

  it('give their values', () => {
    const rule = declare({
      schemas: undefined,
      types: ['user'],
      title: (_: unknown, { values }: { values(name: string): string[] }) => values('user').join(),
    })
    expect(run([rule], records).hits.map(({ title }) => title)).toEqual(['ada'])
  })
})

test('required fields may be null, not absent', () => {
  const rule = declare({ requires: ['user.name'] })
  const seen = run(
    [rule],
    [
      [one, { user: { name: 'a' } }],
      [one, { user: { name: null } }],
      [one, { user: {} }],
      [one, {}],
      [one, { user: [{ name: 1 }] }],
    ],
  ).seen
  expect(seen).toEqual([0, 1, 4])
})

test('all matchers must hold, and a function must answer true', () => {
  const big = (record: { n: number }) => record.n > 2
  const rules = [
    declare({ name: 'both', matchers: [matcher({ address: 'x' }), big] }),
    declare({ name: 'not-true', matchers: [() => 1] }),
  ]
  const records = [1, 3, 5].flatMap((n) => ['x', 'y'].map((address) => [one, { n, address }] as const))
  expect(run(rules, records).seen).toEqual([2, 4])
})

test('a matcher that throws fails the verdict', () => {
  const fails = () => {
    throw new Error('bad luck')
  }
  const { seen, quarantine } = run([declare({ matchers: [fails] }), declare({ name: 'sound' })], [[one, {}]])
  expect(seen).toEqual([0])
  expect(quarantine).toMatchObject([{ rule: 'a-rule', reason: 'RULE_THREW', message: 'bad luck' }])
})

test.each([
  { merge: { by: ['n'], window: '1h' } },
  { threshold: { count: 2, per: ['n'], window: '1h' } },
  { dedup: { by: ['n'], window: '1h' } },
])('what happens in two clusters is never one alert: %o', (options) => {
  const keys = ['prod', 'pci'].map((cluster) => {
    const { hits } = run([declare(options)], [[one, { n: 1 }]], undefined, cluster)
    return hits[0]!.window!.key
  })
  expect(keys).toEqual(['["prod",1]', '["pci",1]'])
})

describe('dedup', () => {
  const windows = (options: object, records: readonly Record<string, unknown>[]) =>
    run(
      [declare(options)],
      records.map((data) => [one, data]),
    ).hits.map(({ window }) => window && [window.by, window.start, window.count])

  it('by fields: what is absent is a value too', () => {
    expect(
      windows({ dedup: { by: ['n', 'user.name'], window: '1s' } }, [{ n: 1 }, { n: 1, user: { name: 'a' } }]),
    ).toEqual([
      [{ n: 1, 'user.name': null }, 0, 1],
      [{ n: 1, 'user.name': 'a' }, 1000, 1],
    ])
  })

  it('by a computed key; one that fails leaves the match on its own', () => {
    const by = ({ n }: { n: number }) => {
      if (n === 2) throw new Error('no key')
      return n === 3 ? 3 : `n is ${n}`
    }
    const { hits, counts } = run(
      [declare({ dedup: { by, window: '1h' } })],
      [1, 2, 3].map((n) => [one, { n }]),
    )
    expect(hits.map(({ window }) => window?.by)).toEqual([{ key: 'n is 1' }, undefined, undefined])
    expect(counts['rule_errors']).toBe(1)
  })
})

describe('lookup', () => {
  const tables = new Map([['owners', new Map([['1', { team: 'red' }]])]])
  const rule = (table: string) =>
    declare({
      match: ({ n }: { n: number }, context: { lookup(table: string, key: unknown): { team: string } | undefined }) =>
        context.lookup(table, n)?.team === 'red',
    })
  it('finds values by key, also by a number', () => {
    expect(
      run(
        [rule('owners')],
        [
          [one, { n: 1 }],
          [one, { n: 2 }],
          [one, {}],
        ],
        tables,
      ).seen,
    ).toEqual([0])
  })
  it('fails where there is no such table', () => {
    expect(run([rule('owner')], [[one, { n: 1 }]], tables).quarantine).toMatchObject([
      { message: expect.stringContaining('no lookup table "owner"') },
    ])
  })
})

test('a rule that fails tells what it was asked, also before', () => {
  const rule = declare({
    where: { address: 'x' },
    match: ({ n }: { n: number }) => {
      if (n === 3) throw new Error('three')
      return false
    },
  })
  const set = compileRules([rule], (text) => hash('sha256', text))
  const asked = (...ns: number[]) => {
    const tally = createTally()
    set.evaluate(
      frame,
      ns.map((n, at) => item(one, { n, address: n === 0 ? 'y' : 'x' }, at)),
      unguarded,
      tally,
    )
    return tally.counts().find(({ metric }) => metric === 'asked')?.n
  }
  expect([asked(1, 1, 0, 0), asked(1), asked(3, 1), asked(1), asked(3)]).toEqual([
    undefined,
    undefined,
    5,
    undefined,
    2,
  ])
})
