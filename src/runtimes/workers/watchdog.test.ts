import { expect, it } from 'vitest'
import { overstepped, type Sample } from './watchdog.ts'

const limits = { cpuMs: 1_000, idleMs: 10_000, memoryBytes: 100 }
const first: Sample = { beat: 1, at: 0, cpu: 0, memory: { heap: 0, outside: 0 } }

it.each<[string, Partial<Sample>, ReturnType<typeof overstepped>]>([
  ['a step that has just begun', { at: 100, cpu: 100 }, undefined],
  ['a step that used up its processor time', { at: 1_100, cpu: 1_000 }, 'timeout'],
  ['a step on a busy machine: much time, little processor', { at: 9_000, cpu: 400 }, undefined],
  ['a step on a very busy machine', { at: 60_000, cpu: 600 }, undefined],
  ['a step that sleeps', { at: 10_000, cpu: 1 }, 'timeout'],
  ['another step by now', { beat: 2, at: 60_000, cpu: 60_000 }, undefined],
  ['memory outside the heap', { at: 1, cpu: 1, memory: { heap: 0, outside: 101 } }, 'memory'],
  ['memory in the heap', { at: 1, cpu: 1, memory: { heap: 101, outside: 0 } }, 'memory'],
  ['memory gathered over many steps', { beat: 9, memory: { heap: 0, outside: 101 } }, 'memory'],
])('%s', (_, now, expected) => {
  expect(overstepped(first, { ...first, ...now }, limits)).toBe(expected)
})
