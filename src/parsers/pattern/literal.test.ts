import { expect, test } from 'vitest'
import { pattern } from './index.ts'
import { firstOf, literalOf } from './literal.ts'
import { readSyntax } from './syntax.ts'

const literal = (source: string) => literalOf(readSyntax(source).root)
const first = (source: string, text: string) =>
  firstOf(readSyntax(source).root).some(([from, to]) => text.charCodeAt(0) >= from && text.charCodeAt(0) <= to)

test.for([
  ['abc', 'abc'],
  ['a(?:bc)d', 'abcd'],
  ['\\[a\\] "x"', '[a] "x"'],
  ['a\\d+cde?f', 'cd'],
  ['(?:abc)+d', 'abc'],
  ['(?:abc)*d', 'd'],
  ['(?:abc){0,3}', ''],
  ['abc|abd', ''],
  ['x(?:abc|abd)yz', 'yz'],
  ['[ab]c', 'c'],
  ['\\bab\\b', 'ab'],
])('each text that %j covers contains %j', ([source, expected]) => {
  expect(literal(source!)).toBe(expected)
})

test.for([
  ['abc', 'a', true],
  ['abc', 'b', false],
  ['a?b', 'b', true],
  ['(?:x|\\d*)b', 'b', true],
  ['(?:x|\\d+)b', 'b', false],
  ['\\S+ x', ' ', false],
  ['a*', 'z', true],
  ['^(?<n>\\d{2})', '7', true],
] as const)('a text that %j covers may begin with %j: %j', ([source, text, expected]) => {
  expect(first(source, text)).toBe(expected)
})

test('a parser of patterns says what their texts begin with and contain', () => {
  const gateOf = (given: string | string[]) => {
    const { parser, options } = pattern({ pattern: given })
    return parser.gate!(options, [])!
  }
  expect(gateOf(['a: (?<x>.*) end', 'b end'])).toMatchObject({ words: [' end', 'b end'] })
  expect(gateOf('(?<x>\\d+):.*').begins!('x'.charCodeAt(0))).toBe(false)
  expect(gateOf('(?<x>\\d+):.*').passes!('12 x', { first: false })).toBe(false)
  expect(gateOf('(?<x>\\d+):.*').passes!('12: x', { first: false })).toBe(true)
})
