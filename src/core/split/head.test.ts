import { expect, test } from 'vitest'
import { headAfter, headOf } from './head.ts'

const head = (text: string) => headOf(new TextEncoder().encode(text))

test('the first line', () => {
  expect(head('a,b\n1,2\n#x\n')).toBe('a,b')
  expect(head('no end')).toBe('no end')
  expect(head('')).toBe('')
})

test('directives of W3C extended log files belong together', () => {
  expect(head('#Version: 1.0\n#Fields: a b\n1 2\n#Fields: c\n')).toBe('#Version: 1.0\n#Fields: a b')
  expect(head('#Fields: a')).toBe('#Fields: a')
  expect(head('#a\n\n#b\n')).toBe('#a')
})

test('a later #Fields: line holds for what follows; other lines with # do not', () => {
  const after = (text: string, before: string) => headAfter(new TextEncoder().encode(text), before)
  expect(after('1 2\n#Fields: b\n3\n#Fields: c d\n4 5 #Fields: e\n#Date: x\n', '#Version: 1.0\n#Fields: a')).toBe(
    '#Fields: c d',
  )
  expect(after('#Fields: b', '#Fields: a')).toBe('#Fields: b')
  expect(after('1 2\n# x\n', '#Fields: a')).toBe('#Fields: a')
  expect(after('1,2\n#Fields: x\n', 'a,b')).toBe('a,b')
})
