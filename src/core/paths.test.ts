import { expect, test } from 'vitest'
import { compilePath } from './paths.ts'

const data = {
  a: { b: 1, 'x.y': 2, list: [{ n: 'p' }, { n: null }, {}, 7], deep: [[{ n: 'q' }]] },
  map: { one: { v: 1 }, two: { v: 2 } },
  none: null,
}

test.for([
  ['a.b', [1]],
  ["a['x.y']", [2]],
  ['a["x.y"]', [2]],
  ['a.list.n', ['p', null]],
  ['a.list[].n', ['p', null]],
  ['a.list[0].n', ['p']],
  ['a.list[3]', [7]],
  ['a.list[9]', []],
  ['a.deep.n', ['q']],
  ['map.*.v', [1, 2]],
  ['none', [null]],
  ['none.x', []],
  ['a.b.c', []],
  ['missing', []],
  ['constructor', []],
  ['a.__proto__', []],
  ['a.list.length', []],
] as const)('%s', ([path, values]) => {
  expect(compilePath(path).all(data)).toEqual(values)
  expect(compilePath(path).first(data)).toEqual(values[0])
})

test('a list at the end is one value; with [] each of its elements is', () => {
  expect(compilePath('l').all({ l: [1, 2] })).toEqual([[1, 2]])
  expect(compilePath('l[]').all({ l: [1, 2] })).toEqual([1, 2])
})

test('own keys with the names of inherited properties are found', () => {
  const hostile = JSON.parse('{"__proto__": {"constructor": "x"}}')
  expect(compilePath('__proto__.constructor').all(hostile)).toEqual(['x'])
})

test('data that is no object has no values', () => {
  for (const value of [undefined, null, 1, 'text', []]) expect(compilePath('a.b').all(value)).toEqual([])
})

test('some stops at the first value that holds', () => {
  const seen: unknown[] = []
  const found = compilePath('l[]').some({ l: [1, 2, 3] }, (value) => {
    seen.push(value)
    return value === 2
  })
  expect([found, seen]).toEqual([true, [1, 2]])
})

test.for(['', 'a..b', 'a[', 'a[x]', "a['x", '.'])('%j is refused', (path) => {
  expect(() => compilePath(path)).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }))
})
