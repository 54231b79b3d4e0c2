import { expect, test } from 'vitest'
import { isRotatedName, readEntry } from './entry.ts'

test.each([
  ['a.log', 'a.log.1'],
  ['a.log', 'a.log.1.gz'],
  ['a.log', 'a.log-20260131'],
  ['a.log', 'a.log.2026-01-31-12.zst'],
  ['a.log', 'a-20260131.log'],
  ['a.log', 'a-20260131.log.gz'],
  ['a.log.1', 'a.log.2'],
  ['a.log.1', 'a.log.2.gz'],
  ['a.log.1', 'a.log.1.gz'],
  ['a-20260131.log', 'a-20260131.log.gz'],
  ['logs/a.log', 'logs/a.log.1'],
  ['messages', 'messages-20260131.gz'],
])('rotation may make %s into %s', (before, after) => {
  expect(isRotatedName(before, after)).toBe(true)
})

test.each([
  ['a.log', 'a.log'],
  ['a.log', 'b.log.1'],
  ['a.log', 'ab.log'],
  ['a.log', 'a2.log'],
  ['a.log', 'a-error.log'],
  ['a.log.1', 'a.log'],
  ['monday.json', 'tuesday.json'],
  ['2026-01-30.json', '2026-01-31.json'],
  ['x/a.log', 'y/a.log.1'],
])('rotation does not make %s into %s', (before, after) => {
  expect(isRotatedName(before, after)).toBe(false)
})

test('what is no entry is none', () => {
  expect(readEntry('{')).toBeUndefined()
  expect(readEntry('{"origin":1}')).toBeUndefined()
})
