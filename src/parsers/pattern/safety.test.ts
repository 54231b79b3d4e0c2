import { describe, expect, test } from 'vitest'
import { generator } from '../shared/testing.ts'
import { growthOf } from './safety.ts'
import { readSyntax } from './syntax.ts'

const growth = (source: string): number => growthOf(readSyntax(source).root)

describe('exponential time is refused', () => {
  test.each([
    '(a+)+b',
    '(a|a)*b',
    '(a|aa)+$',
    '(?:a|b|ab)*c',
    '(x+x+)+y',
    '(?:.*,)*x',
    '(.*a){20}',
    '([a-zA-Z]+)*',
    String.raw`(\d+)*$`,
    String.raw`(?:\w+\s?)+$`,
    String.raw`^(([a-z])+.)+[A-Z]([a-z])+$`,
    String.raw`(?:[0-9]{1,3}\.?)+x`,
    String.raw`([a-zA-Z0-9_.-])+@(([a-zA-Z0-9-])+.)+([a-zA-Z0-9]{2,4})+`,
    '(?:(?:a|a)){30}',
    '(?:(?:a{1,30}){1,30}){1,30}',
    '(?:x(?:a?|b?))*',
    '(?:a?){30}a{30}',
    '(?:a*)*',
    '(?:a{2}b|aab)*c',
    '(?:a*b*)*c',
    '(?:(?:.*)|x)+',
  ])('%s', (source) => {
    expect(() => growth(source)).toThrow(/exponential|can be empty/)
  })
})

describe('time in proportion to the text', () => {
  test.each([
    '',
    'abc',
    '.*',
    String.raw`(\S+) (\S+) \[([^\]]*)\] "([^"]*)" (.*)`,
    String.raw`"(?:[^"\\]|\\.)*"`,
    '(?:[^,]*,)*x',
    String.raw`(?:\d{1,3}\.){3}\d{1,3}`,
    String.raw`\d{4}\d{2}\d{2}T\d{6}`,
    String.raw`foo(?: \([^)]*\))? bar`,
    '(?:GET|POST|PUT) /[^ ]* HTTP/1.[01]',
    '(?:ab|cd)+e',
    '(?:[0-9a-f]{4}){8}',
    '(?:(?:[0-9]|[a-f]){2}:){5}x',
    String.raw`key=(?<value>[^ ]*)(?: key2=(?<other>[^ ]*))?`,
    '[^]]+]',
  ])('%s', (source) => {
    expect(growth(source)).toBe(1)
  })
})

test.each([
  ['.*.*x', 2],
  ['.*a.*b', 2],
  [String.raw`\s*\s*x`, 2],
  ['.*x.*y.*z', 3],
  ['a?a?a?aaa', 3],
  ['.*,.*,.*,.*,x', 4],
])('%s: the power with which time grows is %d', (source, power) => {
  expect(growth(source)).toBe(power)
})

test('what is too large to be checked is refused', () => {
  expect(() => growth(`(?:${'a?b'.repeat(1_500)})*`)).toThrow(/too large/)
  expect(() => growth('(?:[a-f]{999}){999}')).toThrow(/too large/)
})

test('what passes for linear takes few steps more on longer texts, whatever the expression', () => {
  const { integer, pick, text } = generator(10)
  const part = (depth: number): string => {
    const inner = () => part(depth - 1)
    if (depth === 0) return pick(['a', 'b', '[ab]', '.', 'ab', '[^a]'])
    return pick([
      () => inner() + inner(),
      () => `(?:${inner()}|${inner()})`,
      () => `(?:${inner()})${pick(['*', '+', '?', '{2}', '{1,3}'])}`,
      () => inner(),
    ])()
  }
  let checked = 0
  for (let round = 0; round < 2_000; round++) {
    const source = part(3)
    try {
      if (growth(source) > 1) continue
    } catch {
      continue
    }
    checked++
    const form = new RegExp(`^(?:${source})$`, 's')
    // An exponential expression would not end on these.
    for (const unit of ['a', 'b', 'ab', 'ba', text(['a', 'b'], 6)]) form.test(`${unit.repeat(50 + integer(50))}!`)
  }
  expect(checked).toBeGreaterThan(300)
})
