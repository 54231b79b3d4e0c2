import { expect, test } from 'vitest'
import { openedShares, untoldShares } from './shares.ts'

test('without a limit there is one alert, for whatever comes', () => {
  expect(openedShares(0, 0)).toEqual([])
  expect(openedShares(0, 1_000)).toEqual([0])
  expect(openedShares(1, 1_000)).toEqual([])
  expect(untoldShares(1, 1)).toEqual([])
  expect(untoldShares(1, 9)).toEqual([{ index: 0, from: 0, to: 9 }])
  expect(untoldShares(9, 9)).toEqual([])
})

test('with a limit, alerts open with the number of hits, however they come', () => {
  for (const steps of [
    [0, 10],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [0, 3, 4, 9, 10],
    [0, 7, 10],
  ]) {
    expect(steps.slice(1).flatMap((to, n) => openedShares(steps[n]!, to, 3))).toEqual([0, 1, 2, 3])
  }
})

test('what is told of a share is not told again', () => {
  expect(untoldShares(1, 7, 3)).toEqual([
    { index: 0, from: 0, to: 3 },
    { index: 1, from: 3, to: 6 },
  ])
  expect(untoldShares(7, 8, 3)).toEqual([{ index: 2, from: 6, to: 8 }])
  expect(untoldShares(5, 7, 3)).toEqual([{ index: 1, from: 3, to: 6 }])
  expect(untoldShares(6, 8, 3)).toEqual([{ index: 2, from: 6, to: 8 }])
  expect(untoldShares(1, 5, 1)).toEqual([])
})
