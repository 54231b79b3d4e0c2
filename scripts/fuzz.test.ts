import { expect, test } from 'vitest'
import { check, createTarget } from './fuzz/check.ts'
import { extremes } from './fuzz/inputs.ts'
import { fuzzRound } from './fuzz/run.ts'

const target = createTarget()

test.for(extremes(5_000))('%s: all promises hold', ([, bytes]) => {
  expect(() => check(target, bytes)).not.toThrow()
})

test('75 rounds of broken and odd input: all promises hold', () => {
  for (let seed = 1; seed <= 75; seed++) {
    expect(() => fuzzRound(target, seed), `npm run fuzz -- --seed ${seed}`).not.toThrow()
  }
})
