import { expect, test } from 'vitest'
import { cutBytes, cutJson, cutText, cutValue, jsonOf } from './cut.ts'

test('a text is cut at a character, and says so', () => {
  expect(cutText('short', 5)).toBe('short')
  expect(cutText('longer', 5)).toBe('long…')
  expect(cutText('a😀😀', 4, '')).toBe('a😀')
  expect(cutText('a😀😀b', 5)).toBe('a😀…')
  expect(cutText('longer', 2, 'note')).toBe('no')
  expect(cutText('longer', 0)).toBe('')
})

test('a text is cut to bytes', () => {
  expect(cutBytes('äöü', 6)).toBe('äöü')
  expect(cutBytes('äöü!', 6)).toBe('ä…')
  expect(cutBytes('x😀😀', 6, '')).toBe('x😀')
})

test('a record that is too long as text says where the whole is', () => {
  expect(cutJson({ a: 1 }, 100, 'id1')).toBe('{\n  "a": 1\n}')
  const text = cutJson({ a: 'x'.repeat(500) }, 120, 'id1')
  expect(text).toHaveLength(120)
  expect(text).toMatch(/^\{\n {2}"a": "x+\n… Cut to fit\. The whole: streamalert alerts show id1$/)
})

test('a value that fits stays as it is', () => {
  const value = { a: 1 }
  expect(cutValue(value, 7, 'id1')).toBe(value)
  expect(jsonOf({ n: 10n, none: undefined })).toBe('{"n":"10"}')
})

test.each([
  ['a long text', { id: 'x', text: 'ä'.repeat(100_000) }],
  ['a long list', { id: 'x', list: Array.from({ length: 20_000 }, (_, n) => n) }],
  ['many fields', { id: 'x', many: Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n])) }],
  ['many texts', { id: 'x', list: Array.from({ length: 500 }, () => 'y'.repeat(500)) }],
])('%s is cut to the bytes a vendor takes, its neighbours stay', (_, value) => {
  const cut = cutValue(value, 10_000, 'id1')
  expect(Buffer.byteLength(jsonOf(cut))).toBeLessThanOrEqual(10_000)
  expect(cut).toMatchObject({ id: 'x', streamalert_cut: 'Cut to fit. The whole: streamalert alerts show id1' })
  expect(Object.keys(cut)).toHaveLength(3)
})

test('deep levels and hostile keys do no harm', () => {
  let deep: unknown = 'end'
  for (let n = 0; n < 900; n++) deep = { in: deep }
  const hostile = JSON.parse(`{"__proto__": {"polluted": "${'x'.repeat(5000)}"}}`) as object
  const cut = cutValue({ deep, hostile }, 1000, 'id1')
  expect(jsonOf(cut)).toContain('"__proto__":{"polluted":"xxx')
  expect(Object.keys(cut)).toEqual(['deep', 'hostile', 'streamalert_cut'])
})

test('where nothing fits, the note is left', () => {
  const keys = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}${'k'.repeat(200)}`, n]))
  expect(Object.keys(cutValue(keys, 80, 'id1'))).toEqual(['streamalert_cut'])
})
