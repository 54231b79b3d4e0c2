import { expect, test } from 'vitest'
import { bytes, printable, shorten, table, thousands } from './table.ts'

test('columns are as wide as their contents, numbers to the right', () => {
  const text = table(
    [{ title: 'rule' }, { title: 'alerts', right: true }],
    [
      ['a-long-name', '1,234'],
      ['b', '7'],
    ],
  )
  expect(text).toBe('rule         alerts\na-long-name   1,234\nb                 7')
  expect(table([{ title: 'rule' }], [])).toBe('')
})

test('log data cannot command a terminal', () => {
  expect(printable('a\u001b[31mb\nc\u202ed')).toBe('a\\u001b[31mb\\u000ac\\u202ed')
  expect(table([{ title: 't' }], [['x\ny']])).toBe('t\nx\\u000ay')
})

test('numbers', () => {
  expect(thousands(1234567)).toBe('1,234,567')
  expect([0, 900, 1536, 5 * 2 ** 30].map(bytes)).toEqual(['0 B', '900 B', '1.5 KB', '5.0 GB'])
  expect(shorten('abcdef', 4)).toBe('abc…')
})
