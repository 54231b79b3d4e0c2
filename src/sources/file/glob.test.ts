import { expect, test } from 'vitest'
import { expandBraces, pathMatcher, segmentsOf } from './glob.ts'

/** Whether a name matches a glob of one segment. */
function matches(glob: string, name: string): boolean {
  const [segment] = segmentsOf(glob)
  if (segment === undefined || segment === 'any-depth') return segment !== undefined
  return 'name' in segment ? segment.name === name : segment.pattern.test(name)
}

test.each([
  ['*.log', 'a.log', true],
  ['*.log', '.log', false],
  ['*.log', '.a.log', false],
  ['.*.log', '.a.log', true],
  ['*.log', 'a.log.1', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a?c', 'a漢c', true],
  ['[ab]x', 'bx', true],
  ['[!ab]x', 'bx', false],
  ['[^ab]x', 'cx', true],
  ['[a-c]x', 'bx', true],
  ['[]a]x', ']x', true],
  ['[ab', '[ab', true],
  ['a.b', 'aXb', false],
  ['a+(b)$', 'a+(b)$', true],
  ['\\*.log', '*.log', true],
  ['\\*.log', 'a.log', false],
  ['\\[x].log', '[x].log', true],
  ['a**b', 'axxb', true],
  ['&&[a&&b]', '&&&', true],
])('%s and %s: %s', (glob, name, expected) => {
  expect(matches(glob, name)).toBe(expected)
})

test('many stars cost no exponential time', () => {
  expect(matches(`${'*a'.repeat(8)}b`, 'a'.repeat(60))).toBe(false)
})

test.each([
  ['a', ['a']],
  ['{a,b}.log', ['a.log', 'b.log']],
  ['x/{a,b{1,2}}/*', ['x/a/*', 'x/b1/*', 'x/b2/*']],
  ['{a,}{x,y}', ['ax', 'ay', 'x', 'y']],
  ['{a}', ['{a}']],
  ['a{b', ['a{b']],
  ['a\\{b,c}', ['a\\{b,c}']],
])('%s means %j', (glob, expected) => {
  expect(expandBraces(glob)).toEqual(expected)
})

test('excluding by name, by path and by folder', () => {
  const excluded = pathMatcher(['*.tmp', 'logs/old/**', './logs/x-*.{a,b}', '/var/log/*.gz'])
  expect(
    ['a.tmp', 'logs/deep/a.tmp', 'logs/old/a', 'logs/old/b/c', 'logs/x-1.b', '/var/log/a.gz'].every(excluded),
  ).toBe(true)
  expect(['a.log', 'logs/older/a', 'x/logs/old/a', 'logs/x-1.c', '/var/log/x/a.gz'].some(excluded)).toBe(false)
})
