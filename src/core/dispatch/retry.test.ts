import { expect, test } from 'vitest'
import { retryDelay } from './retry.ts'

test.each([
  { failures: 1, random: 1, delay: 1_000 },
  { failures: 2, random: 1, delay: 2_000 },
  { failures: 5, random: 0.5, delay: 8_000 },
  { failures: 9, random: 1, delay: 256_000 },
  { failures: 10, random: 1, delay: 300_000 },
  { failures: 5_000, random: 1, delay: 300_000 },
  { failures: 3, random: 0, delay: 0 },
])('waits $delay ms after $failures failures at $random', ({ failures, random, delay }) => {
  expect(retryDelay(failures, random)).toBe(delay)
})

test('waits as long as the far end asks, even past the cap', () => {
  expect(retryDelay(1, 0.9, 600_000)).toBe(600_000)
  expect(retryDelay(4, 0.5, 10)).toBe(4_000)
})

test('a far end cannot ask for ever', () => {
  expect(retryDelay(1, 0, 1e15)).toBe(86_400_000)
})
