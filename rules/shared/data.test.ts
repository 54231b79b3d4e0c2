import { expect, test } from 'vitest'
import { dig, digText, mentions, parsedJson, several } from './data.ts'

test('dig finds own values only', () => {
  expect(dig({ a: { b: [1] } }, 'a', 'b')).toEqual([1])
  expect(dig({ a: null }, 'a', 'b')).toBeUndefined()
  expect(dig('text', 'length')).toBeUndefined()
  expect(dig({}, 'constructor')).toBeUndefined()
  expect([digText({ a: 1 }, 'a'), digText({ a: false }, 'a'), digText({ a: {} }, 'a'), digText(null, 'a')]).toEqual([
    '1',
    'false',
    '',
    '',
  ])
})

test('one thing is a list of one, nothing of none', () => {
  expect([several(null), several(undefined), several('a'), several(['a', 'b'])]).toEqual([[], [], ['a'], ['a', 'b']])
})

test('text that is no JSON is nothing', () => {
  expect([parsedJson('{"a":1}'), parsedJson('{'), parsedJson({ a: 1 }), parsedJson(null)]).toEqual([
    { a: 1 },
    undefined,
    { a: 1 },
    null,
  ])
})

test('mentions looks at texts of any depth, and ends', () => {
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 'needle')
  expect(mentions({ a: [1, true, null, { b: 'a needle' }] }, ['needle'])).toBe(true)
  expect(mentions({ needle: 'in a key' }, ['needle'])).toBe(false)
  expect(mentions(deep, ['needle'])).toBe(false)
})
