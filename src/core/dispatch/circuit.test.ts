import { expect, test } from 'vitest'
import { afterFailure, type Circuit, closedCircuit } from './circuit.ts'

/** The circuit after failures at these times, with chance in the middle. */
const after = (times: readonly number[], retryAfterMs = 0): Circuit =>
  times.reduce((circuit, now) => afterFailure(circuit, now, 0.5, retryAfterMs), closedCircuit)

test('a few quick failures are chance; twenty are not', () => {
  const times = Array.from({ length: 19 }, (_, n) => 1_000 + n)
  expect(after(times).pausedUntil).toBe(0)
  expect(after([...times, 1_019])).toMatchObject({ failures: 20, pausedUntil: 1_019 + 3_750 })
})

test('five failures are enough when nothing arrives for seconds', () => {
  expect(after([0, 2_000, 4_000, 6_000]).pausedUntil).toBe(0)
  expect(after([0, 2_000, 4_000, 6_000, 8_000]).pausedUntil).toBe(8_000 + 3_750)
})

test('pauses grow, up to a bound', () => {
  const times = [0, 2_000, 4_000, 6_000, 8_000, 20_000, 40_000]
  expect(after(times).pausedUntil).toBe(40_000 + 15_000)
  const long = Array.from({ length: 40 }, (_, n) => n * 1_000_000)
  expect(after(long).pausedUntil).toBe(39_000_000 + 225_000)
})

test('what the far end asks for twice in a row holds, for five minutes at most', () => {
  expect(after([10], 1_000).pausedUntil).toBe(0)
  expect(after([10, 20], 1_000).pausedUntil).toBe(1_020)
  expect(afterFailure(afterFailure(closedCircuit, 10, 0.5), 20, 0.5, 1_000).pausedUntil).toBe(0)
  expect(after([10, 20], 1e12).pausedUntil).toBe(300_020)
})
