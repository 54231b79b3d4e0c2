import { expect, test } from 'vitest'
import { CodedError } from '../core/errors.ts'
import { parseJsonFile } from './json.ts'

const read = (text: string) => parseJsonFile(text, 'a.json', 'IMPORT_INVALID')

test('values know their places', () => {
  const file = read('\uFEFF{\n  "a": [1, { "b": true }]\n}')
  expect(file.value).toEqual({ a: [1, { b: true }] })
  expect(file.place(['a', 1, 'b'])).toEqual({ file: 'a.json', line: 2, column: 19 })
  expect(file.place(['a'], true)).toEqual({ file: 'a.json', line: 2, column: 3 })
})

test.each([
  ['{,}', 1, 2],
  ['{\n  "a": {,\n}', 2, 9],
  ['{\n  "a": 1,\n}', 3, 1],
  ['[1,\n 2', 2, 3],
  ['{"a" 1}', 1, 6],
  ['{"a": "x\n"}', 1, 9],
  ['no', 1, 2],
  ['', 1, 1],
])('%j stops being JSON at %i:%i', (text, line, column) => {
  const fault = (() => {
    try {
      return read(text)
    } catch (error) {
      return error
    }
  })()
  expect(fault).toBeInstanceOf(CodedError)
  expect(fault).toMatchObject({ code: 'IMPORT_INVALID', place: { file: 'a.json', line, column } })
})
