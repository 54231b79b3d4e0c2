import { expect, test } from 'vitest'
import { hasDigitRun, maxDepth, parseJson, parseSafeJson } from './json.ts'

test.for(['{"a": 1}', ' [1, "x", null] ', '"text"', '-1.5e3', 'true', 'null', '{}', '{ "a" : {} }'])(
  '%s is read like JSON.parse does',
  (text) => {
    expect(parseJson(text)).toEqual({ value: JSON.parse(text) })
    expect(parseSafeJson(text)).toEqual({ value: JSON.parse(text) })
  },
)

test.for([
  '',
  ' ',
  'text',
  '127.0.0.1 - -',
  '[error] x',
  '{',
  '{"a":}',
  '{"a": 1}}',
  '{"a": "x\ny"}',
  '[Mon]',
  '{a: 1}',
  "{'a': 1}",
  'NaN',
  '12 13',
])('%j is a failure', (text) => {
  expect(parseJson(text)).toHaveProperty('failure')
})

test('a failure says where, and shows none of the text', () => {
  expect(parseJson('{"password": "hunter2", x}')).toEqual({ failure: 'is not JSON from character 24 on', at: 24 })
  expect(parseJson('[[1, 2]')).toEqual({ failure: 'JSON ends too early' })
  expect(parseJson('{"password": "hun')).toEqual({ failure: 'JSON does not end with its closing bracket' })
  expect(parseJson('Jul 10 sshd')).toEqual({ failure: 'is not JSON' })
})

test('integers beyond 2^53 keep their digits', () => {
  const text =
    '{"a": 9007199254740993, "b": [-12345678901234567890,9007199254740991], "c": "x 12345678901234567890 \\" 1", "d": 0.12345678901234567}'
  expect(parseJson(text)).toEqual({
    value: {
      a: '9007199254740993',
      b: ['-12345678901234567890', 9007199254740991],
      c: 'x 12345678901234567890 " 1',
      d: 0.12345678901234567,
    },
  })
})

test('a long integer is found wherever it stands', () => {
  for (let pad = 0; pad < 40; pad++) {
    const text = `{"${'k'.repeat(pad)}":12345678901234567}`
    expect(parseJson(text)).toEqual({ value: { ['k'.repeat(pad)]: '12345678901234567' } })
    expect(hasDigitRun(new TextEncoder().encode(text))).toBe(true)
    expect(hasDigitRun(new TextEncoder().encode(text.replaceAll('8', 'x')))).toBe(false)
  }
})

test('keys of any name are own properties', () => {
  const { value } = parseJson('{"__proto__": {"x": 1}, "constructor": 12345678901234567}') as { value: object }
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})

test('depth is limited, whatever makes it', () => {
  const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(parseJson(lists(maxDepth))).toHaveProperty('value')
  for (const depth of [maxDepth + 1, 10_000, 1_000_000]) {
    expect(parseJson(lists(depth))).toHaveProperty('code', 'RECORD_TOO_DEEP')
  }
  for (const key of ['a', 'a'.repeat(50)]) {
    const text = `{"${key}":`.repeat(10_000) + '1' + '}'.repeat(10_000)
    expect(parseJson(text)).toHaveProperty('code', 'RECORD_TOO_DEEP')
  }
  expect(parseJson(`[${'[],'.repeat(5_000)}{}]`)).toHaveProperty('value')
})

test('brackets inside strings are no depth', () => {
  expect(parseJson(JSON.stringify({ text: '['.repeat(10_000) }))).toHaveProperty('value')
})
