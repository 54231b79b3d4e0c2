import { expect, test } from 'vitest'
import type { Schema } from './contracts/index.ts'
import { compileNormalise } from './normalise.ts'

const normalise = (paths: Schema['normalise'], data: unknown, envelope?: unknown) =>
  compileNormalise({ normalise: paths })(data, envelope)

test('values are texts, each once, in the order of paths', () => {
  const data = { a: 'x', n: 0, f: false, l: ['x', 'y', 1, null, {}, ['z']], deep: [{ ip: '::1' }, { ip: '::2' }] }
  expect(normalise({ user: [{ path: 'a' }, { path: 'n' }, { path: 'f' }, { path: 'l' }] }, data)).toEqual({
    user: ['x', '0', 'false', 'y', '1'],
  })
  expect(normalise({ ip: [{ path: 'deep.ip' }] }, data)).toEqual({ ip: ['::1', '::2'] })
})

test('a record without values has no result', () => {
  expect(normalise({}, { a: 1 })).toBeUndefined()
  expect(
    normalise({ user: [{ path: 'a.b' }, { path: 'c' }, { path: 'd' }] }, { a: 'x', c: null, d: '' }),
  ).toBeUndefined()
})

test('types that have no value are left out', () => {
  expect(normalise({ user: [{ path: 'a' }], host: [{ path: 'b' }] }, { a: 'x' })).toEqual({ user: ['x'] })
})

test('the envelope is reached by its name', () => {
  expect(normalise({ account: [{ path: 'envelope.owner' }] }, {}, { owner: 12 })).toEqual({ account: ['12'] })
  expect(normalise({ account: [{ path: 'envelope.owner' }] }, {})).toBeUndefined()
})

test.for<[NonNullable<Schema['normalise'][string][number]['when']>, boolean]>([
  [{ path: 'kind', is: 'user' }, true],
  [{ path: 'kind', is: ['role', 'USER'] }, true],
  [{ path: 'kind', is: 'role' }, false],
  [{ path: 'kind', not: 'role' }, true],
  [{ path: 'kind', not: ['role', 'user'] }, false],
  [{ path: 'kind', contains: 'SE' }, true],
  [{ path: 'kind', contains: 'x' }, false],
  [{ path: 'kind', is: 'user', contains: 'x' }, false],
  [{ path: 'kind', notContains: 'SE' }, false],
  [{ path: 'kind', notContains: 'x' }, true],
  [{ path: 'list', notContains: 'b' }, false],
  [{ path: 'missing', notContains: 'x' }, false],
  [{ path: 'count', is: '5' }, true],
  [{ path: 'list', is: 'b' }, true],
  [{ path: 'list', not: 'b' }, false],
  [{ path: 'missing', is: 'user' }, false],
  [{ path: 'missing', not: 'user' }, false],
])('%j is %s', ([when, holds]) => {
  const data = { name: 'x', kind: 'User', count: 5, list: ['a', 'b'] }
  expect(normalise({ user: [{ path: 'name', when }] }, data)).toEqual(holds ? { user: ['x'] } : undefined)
})

test('odd values on the way are no values', () => {
  for (const a of [null, 1, 'text', true, [], [1], { b: null }]) {
    expect(normalise({ user: [{ path: 'a.b.c', when: { path: 'a.b', not: 'x' } }] }, { a })).toBeUndefined()
  }
  for (const data of [null, undefined, 1, 'x', []]) expect(normalise({ user: [{ path: 'a' }] }, data)).toBeUndefined()
})
