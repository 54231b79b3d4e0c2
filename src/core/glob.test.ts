import { expect, test } from 'vitest'
import { compileGlob } from './glob.ts'

test.for([
  ['abc', 'abc', true],
  ['abc', 'abcd', false],
  ['abc', 'ABC', false],
  ['a*', 'abc', true],
  ['*c', 'abc', true],
  ['*b*', 'abc', true],
  ['*', '', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['?', '😀', true],
  ['a*b*c', 'a--b--c', true],
  ['a*b*c', 'a--c--b', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[!a-c]x', 'dx', true],
  ['[]]', ']', true],
  ['[a-]', '-', true],
  ['[', '[', true],
  ['a[', 'a[', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['*.log', 'a.log', true],
  ['*.log', 'axlog', false],
  ['**a', 'ba', true],
] as const)('%s on %s is %s', ([pattern, text, result]) => {
  expect(compileGlob(pattern)(text)).toBe(result)
})

test('many stars on a long text come to an end', () => {
  expect(compileGlob(`${'*a'.repeat(50)}?b`)('a'.repeat(20_000))).toBe(false)
})
