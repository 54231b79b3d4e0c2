import { expect, test } from 'vitest'
import { nearestName, suggest } from './nearest.ts'

const names = ['pagerduty:on-call', 'slack:security', 'file:alerts', 'pci', 'prod']

test.each([
  ['slack:securty', 'slack:security'],
  ['slack:secuirty', 'slack:security'],
  ['Slack:Security', 'slack:security'],
  ['pic', 'pci'],
  ['prd', 'prod'],
])('%s means %s', (wrong, right) => {
  expect(nearestName(wrong, names)).toBe(right)
})

test('nothing is suggested when nothing is like it', () => {
  expect(nearestName('kinesis:stream', names)).toBeUndefined()
  expect(nearestName('xyz', names)).toBeUndefined()
})

test('a hint names the nearest, or else what there is', () => {
  expect(suggest('prd', names)).toBe('Did you mean "prod"?')
  expect(suggest('unlike', ['a', 'b'])).toBe('There is: a, b.')
  expect(suggest('unlike', [])).toBe('There is none.')
  expect(
    suggest(
      'unlike',
      Array.from({ length: 22 }, (_, n) => `name${n}`),
    ),
  ).toMatch(/name19, and 2 more\.$/)
})
