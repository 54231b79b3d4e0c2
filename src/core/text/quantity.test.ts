import { expect, test } from 'vitest'
import { plural, thousands } from './quantity.ts'

test.each([
  [0, '0'],
  [-0.2, '0'],
  [999.4, '999'],
  [999.5, '1,000'],
  [12_345, '12,345'],
  [-1_234_567, '-1,234,567'],
])('%d is %s', (value, text) => {
  expect(thousands(value)).toBe(text)
})

test('things are counted', () => {
  expect([1, 2, 1_000].map((n) => plural(n, 'alert'))).toEqual(['1 alert', '2 alerts', '1,000 alerts'])
})
