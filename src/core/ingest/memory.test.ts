import { expect, test } from 'vitest'
import { createMemory } from './memory.ts'

const mega = 1_048_576

test('what was given back is used again, what was not is never given twice', () => {
  const memory = createMemory()
  const first = memory.take(mega)
  const second = memory.take(mega)
  expect(second.buffer).not.toBe(first.buffer)
  memory.give(first.subarray(5, 10))
  memory.give(first)
  const third = memory.take(mega / 2)
  expect(third.buffer).toBe(first.buffer)
  expect(third.byteLength).toBe(mega / 2)
  expect(memory.take(mega).buffer).not.toBe(first.buffer)
})

test('what came from elsewhere is not taken over', () => {
  const memory = createMemory()
  const other = new Uint8Array(mega + 65_536)
  memory.give(other)
  expect(memory.take(mega).buffer).not.toBe(other.buffer)
})

test('a rest goes before the chunk that it continues in, as far as there is room', () => {
  const memory = createMemory()
  const chunk = memory.take(mega).fill(3)
  const rest = new Uint8Array([1, 2])
  const joined = memory.joined([rest], chunk.subarray(0, 4))
  expect([...joined]).toEqual([1, 2, 3, 3, 3, 3])
  expect(joined.buffer).toBe(chunk.buffer)
  const long = new Uint8Array(100_000).fill(7)
  const apart = memory.joined([long, rest], chunk.subarray(0, 1))
  expect(apart.buffer).not.toBe(chunk.buffer)
  expect([apart.length, apart[99_999], apart[100_001], apart.at(-1)]).toEqual([100_003, 7, 2, 3])
})
