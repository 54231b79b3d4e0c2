import { describe, expect, test } from 'vitest'
import { rejected } from './check.ts'
import { compileFields, countRequired } from './compile.ts'
import { type Field, type Fields, list, map, maybe, nullable, optional } from './spec.ts'

/** What becomes of `value` as the only field; `'no'` when it is not taken. */
function become(field: Field, value: unknown): unknown {
  const check = compileFields({ f: field })
  const data: Record<string, unknown> = { f: value }
  const verdict = check.test(data)
  expect(check.fault(data, '') === undefined).toBe(verdict !== rejected)
  if (verdict === rejected) return 'no'
  check.coerce(data)
  return data.f
}

const no = 'no'

describe('scalars', () => {
  test.for<[Field, unknown, unknown]>([
    ['string', 'x', 'x'],
    ['string', '', ''],
    ['string', 0, '0'],
    ['string', false, 'false'],
    ['string', 1.5, '1.5'],
    ['string', null, no],
    ['string', {}, no],
    ['string', [], no],
    ['integer', 0, 0],
    ['integer', 12, 12],
    ['integer', '12', 12],
    ['integer', '-012', -12],
    ['integer', '+5', 5],
    ['integer', '12345678901234567890', '12345678901234567890'],
    ['integer', 1.5, no],
    ['integer', '1.5', no],
    ['integer', '', no],
    ['integer', ' 1', no],
    ['integer', '0x10', no],
    ['integer', true, no],
    ['integer', Number.NaN, no],
    ['integer', Number.POSITIVE_INFINITY, no],
    ['float', 0, 0],
    ['float', '1e3', 1000],
    ['float', '.5', 0.5],
    ['float', '-1.', -1],
    ['float', '12345678901234567890', '12345678901234567890'],
    ['float', '1e999', no],
    ['float', 'NaN', no],
    ['float', '', no],
    ['float', Number.POSITIVE_INFINITY, no],
    ['boolean', false, false],
    ['boolean', 'TRUE', true],
    ['boolean', 'False', false],
    ['boolean', 'yes', no],
    ['boolean', 1, no],
    ['boolean', 0, no],
    ['boolean', '', no],
    ['timestamp', '2023-07-10T11:45:00Z', '2023-07-10T11:45:00Z'],
    ['timestamp', 1688989500, 1688989500],
    ['timestamp', 'Feb 29 11:45:00', 'Feb 29 11:45:00'],
    ['timestamp', 'soon', no],
    ['timestamp', '', no],
    ['ip', '10.0.0.1', '10.0.0.1'],
    ['ip', '2001:db8::1', '2001:db8::1'],
    ['ip', '::', '::'],
    ['ip', '::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['ip', 'fe80::1%eth0', 'fe80::1%eth0'],
    ['ip', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['ip', '10.0.0', no],
    ['ip', '10.0.0.256', no],
    ['ip', '10.0.0.1.', no],
    ['ip', '10.0.0.1/8', no],
    ['ip', '1:2:3:4:5:6:7', no],
    ['ip', '1:2:3:4:5:6:7:8::', no],
    ['ip', '1::2::3', no],
    ['ip', ':::', no],
    ['ip', 'fe80::1%', no],
    ['ip', '::12345', no],
    ['ip', 'example.com', no],
    ['ip', 1, no],
    ['json', null, null],
    ['json', 0, 0],
    ['json', [{ a: 1 }], [{ a: 1 }]],
  ])('%s ← %j gives %j', ([field, value, result]) => {
    expect(become(field, value)).toEqual(result)
  })
})

describe('nothing', () => {
  test.for<[Field, unknown, unknown]>([
    ['integer?', null, null],
    ['integer?', '', null],
    ['integer?', undefined, undefined],
    ['string?', '', ''],
    ['string?', null, null],
    [optional('integer'), null, no],
    [optional('integer'), '', undefined],
    [nullable('integer'), null, null],
    [nullable('integer'), '', null],
    [nullable('integer'), undefined, no],
    [maybe({ a: 'string' }), null, null],
    [maybe({ a: 'string' }), {}, no],
    [optional(nullable(list('integer'))), null, null],
    [list(nullable('integer')), [1, null, ''], [1, null, null]],
    [list('integer'), [null], no],
    [map('boolean?'), { a: '', b: 'true' }, { a: null, b: true }],
  ])('%j ← %j gives %j', ([field, value, result]) => {
    expect(become(field, value)).toEqual(result)
  })

  test('an empty text is absent where null may not be', () => {
    const data = { f: '', g: 'x' }
    const check = compileFields({ f: optional('integer'), g: 'string' })
    check.test(data)
    check.coerce(data)
    expect(Object.keys(data)).toEqual(['g'])
  })
})

describe('containers', () => {
  test.for<[Field, unknown, unknown]>([
    [list('integer'), ['1', 2], [1, 2]],
    [list('integer'), [], []],
    [list('integer'), ['x'], no],
    [list('integer'), { 0: 1 }, no],
    [list(list('boolean')), [['true'], []], [[true], []]],
    [map('integer'), { a: '1' }, { a: 1 }],
    [map('integer'), [], no],
    [map('integer'), { a: 'x' }, no],
    [{ a: { b: 'integer' } }, { a: { b: '7' } }, { a: { b: 7 } }],
    [{ a: { b: 'integer' } }, { a: {} }, no],
    [{ a: optional({ b: 'integer' }) }, {}, {}],
    [map(list({ a: optional(map('integer')) })), { k: [{ a: { x: '1' } }, {}] }, { k: [{ a: { x: 1 } }, {}] }],
  ])('%j ← %j gives %j', ([field, value, result]) => {
    expect(become(field, value)).toEqual(result)
  })
})

test('a field may have the name of an inherited property, and is then only found as own', () => {
  const fields = Object.entries({ constructor: 'string', toString: 'string?', hasOwnProperty: 'integer?' })
  const check = compileFields(Object.fromEntries(fields) as Fields)
  expect(check.test({})).toBe(rejected)
  expect(check.test({ constructor: 'x' })).not.toBe(rejected)
  expect(check.fault({}, '')).toEqual({ field: 'constructor', message: 'is missing' })
})

test('a key called __proto__ is checked, coerced and reported like any other', () => {
  const check = compileFields({ m: map('integer'), s: 'string' })
  const data = JSON.parse('{"m": {"__proto__": "5"}, "s": "x", "__proto__": {"y": 1}}')
  const found: string[] = []
  check.drift(data, '', found)
  check.coerce(data)
  expect(found).toEqual(['__proto__'])
  expect(JSON.stringify(data.m)).toBe('{"__proto__":5}')
})

test('a record that is rejected is not changed', () => {
  const data = { a: '1', b: 'x' }
  expect(compileFields({ a: 'integer', b: 'integer' }).test(data)).toBe(rejected)
  expect(data).toEqual({ a: '1', b: 'x' })
})

test('the order of keys makes no difference, from record to record', () => {
  const check = compileFields({ a: 'string', b: 'integer', c: 'string?' })
  const orders = ['abc', 'cba', 'bac', 'ab', 'ba', 'cab', 'acb']
  for (const order of [...orders, ...orders.toReversed()]) {
    const data = Object.fromEntries(Array.from(order, (key) => [key, key === 'b' ? 1 : 'x']))
    expect(check.test(data)).toBe(0)
    expect(check.test({ ...data, b: 'x' })).toBe(rejected)
  }
  expect(check.test({ a: 'x', c: 'x' })).toBe(rejected)
})

test('faults name the field, the first in the order of the schema', () => {
  const check = compileFields({ a: 'string', r: list({ n: map('integer') }), b: { c: 'boolean' } })
  const right = { a: 'x', r: [{ n: { k: 1 } }], b: { c: true } }
  expect(check.fault(right, '')).toBeUndefined()
  expect(check.fault({ r: [], b: { c: 1 } }, '')).toEqual({ field: 'a', message: 'is missing' })
  expect(check.fault({ ...right, r: [{ n: {} }, { n: { k: 'x' } }] }, '')).toEqual({
    field: 'r[1].n.k',
    message: 'expected an integer, found other text',
  })
  expect(check.fault({ ...right, b: { c: 1 } }, '')).toEqual({
    field: 'b.c',
    message: 'expected true or false, found a number',
  })
  expect(check.fault({ ...right, b: null }, '')).toEqual({ field: 'b', message: 'expected an object, found null' })
  expect(check.fault([], '')).toEqual({ field: '', message: 'expected an object, found a list' })
})

test('unknown fields are drift at any depth, few and short', () => {
  const check = compileFields({
    a: { b: 'string?' },
    l: optional(list({ x: 'string?' })),
    m: optional(map({ y: 'string?' })),
  })
  const found: string[] = []
  check.drift({ z: 1, u: undefined, a: { q: 1 }, l: [{ w: 1 }, { w: 2 }], m: { k: { v: 1 }, j: { v: 1 } } }, '', found)
  expect(found).toEqual(['z', 'a.q', 'l[].w', 'm.*.v'])
  const many: string[] = []
  check.drift(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${'k'.repeat(200)}${n}`, n])), '', many)
  expect(many).toEqual(['k'.repeat(100)])
  const more: string[] = []
  check.drift(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, n])), '', more)
  expect(more).toHaveLength(20)
})

test('with extra fields refused, an unknown one at any depth is a fault', () => {
  const check = compileFields({ a: { b: 'string' } }, 'reject')
  expect(check.test({ a: { b: 'x' } })).toBe(0)
  expect(check.test({ a: { b: 'x' }, c: 1 })).toBe(rejected)
  expect(check.test({ a: { b: 'x', c: 1 } })).toBe(rejected)
  expect(check.fault({ a: { b: 'x', c: 1 } }, '')).toEqual({ field: 'a.c', message: 'is not a field of this schema' })
  expect(check.test({ a: { b: 'x' }, c: undefined })).toBe(0)
})

test('an unknown type is refused', () => {
  expect(() => compileFields({ a: 'date' as 'string' })).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }))
})

test('what is required is counted through required objects', () => {
  expect(
    countRequired({
      a: 'string',
      b: 'string?',
      c: { d: 'string', e: { f: 'json' } },
      g: maybe({ h: 'string' }),
      i: {},
    }),
  ).toBe(4)
})
