import { expect, test } from 'vitest'
import { printable, shorten, textWidth, wrap } from './printable.ts'

test.each([
  ['plain text stays', 'plain text stays'],
  ['\u001b[2J\u001b]0;title\u0007', '\\x1b[2J\\x1b]0;title\\x07'],
  ['8-bit \u009b31m', '8-bit \\x9b31m'],
  ['two\r\nlines\tand a tab', 'two\\r\\nlines and a tab'],
  ['right\u202eto left', 'right\\u202eto left'],
  ['hid\u200bden\ufeff\u{e0041}', 'hid\\u200bden\\ufeff\\u{e0041}'],
  ['line\u2028separator', 'line\\u2028separator'],
  ['half \ud83d of it', 'half \\ud83d of it'],
  ['日本 é 🎌', '日本 é 🎌'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown)
})

test.each([
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['🎌!', 3],
  ['– é … → ✓ │', 11],
  ['↔\ufe0f', 1],
])('%j is %d columns wide', (text, columns) => {
  expect(textWidth(text)).toBe(columns)
})

test('shortens to columns, not to characters', () => {
  expect(shorten('abcdef', 6)).toBe('abcdef')
  expect(shorten('abcdefg', 6)).toBe('abcde…')
  expect(shorten('→→→→', 3)).toBe('→→…')
  expect(shorten('日本語', 6)).toBe('日本語')
  expect(shorten('日本語', 5)).toBe('日本…')
  expect(shorten('日本語', 4)).toBe('日…')
  expect(textWidth(shorten('x'.repeat(1_000_000), 80))).toBe(80)
})

test('wraps at spaces and cuts the last line', () => {
  expect(wrap('one two three four', 9, 3)).toEqual(['one two', 'three', 'four'])
  expect(wrap('one two three four', 9, 2)).toEqual(['one two', 'three fo…'])
  expect(wrap('  ', 9, 2)).toEqual([])
  expect(wrap('abcdefghijkl m', 9, 2)).toEqual(['abcdefgh…', 'm'])
})
