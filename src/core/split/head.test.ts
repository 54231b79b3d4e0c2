import { expect, test } from 'vitest'
import { headOf } from './head.ts'

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
