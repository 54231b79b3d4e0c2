import { describe, expect, test } from 'vitest'
import { earlierMarks, type Entry, isRotatedName, readEntry, writeEntry } from './entry.ts'

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

describe('earlier marks', () => {
  const entry: Entry = {
    ...{ origin: 'a.csv#1', path: 'a.csv', hint: '', mtime: 0, compressed: false, offset: 0, complete: true },
    ...{ head: { at: 11, bytes: 11, hash: 'head' }, earlier: [] },
  }
  const markAt = (at: number) => ({ at, bytes: Math.min(at, 256), hash: `${at}` })
  const readUpTo = (known: Entry, at: number) => ({ ...known, earlier: earlierMarks(known, at), mark: markAt(at) })

  test('are few, of all ages, and begin with the one before', () => {
    let known = entry
    for (let at = 100; at <= 1_000_000; at += 100) known = readUpTo(known, at)
    expect(known.earlier[0]).toEqual(markAt(999_900))
    expect(known.earlier.at(-1)).toEqual(markAt(100))
    expect(known.earlier.length).toBeLessThan(12)
    for (const wanted of [200, 1_000, 3_000]) {
      const found = known.earlier.find(({ at }) => at <= 1_000_000 - wanted)!
      expect(1_000_000 - found.at).toBeLessThan(wanted * 256)
    }
  })

  test('leave out what covers hardly more than the header, and what lies behind the new one', () => {
    expect(readUpTo(readUpTo(entry, 40), 1000).earlier).toEqual([])
    expect(readUpTo(readUpTo(entry, 1000), 500).earlier).toEqual([])
  })

  test('are none in what was written before there were any', () => {
    const { earlier: _, ...old } = entry
    expect(readEntry(JSON.stringify(old))).toEqual(entry)
    expect(readEntry(writeEntry(entry))).toEqual(entry)
  })
})
