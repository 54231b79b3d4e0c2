import { expect, test } from 'vitest'
import { logfmt } from './logfmt.ts'
import { generator, record } from './shared/testing.ts'

test('pairs, quoted values, flags, empty values', () => {
  expect(record(logfmt(), 'at=info method=GET path=/ msg="it is \\"fine\\"" cached dur= x=1 x=2')).toEqual({
    at: 'info',
    method: 'GET',
    path: '/',
    msg: 'it is "fine"',
    cached: true,
    dur: '',
    x: ['1', '2'],
  })
})

test('the escapes of Go', () => {
  expect(record(logfmt(), String.raw`a="\n\t\r\\\"" b="\u00e9\x41" c="\q"`)).toEqual({
    a: '\n\t\r\\"',
    b: 'éA',
    c: 'q',
  })
})

test('values survive a round trip', () => {
  const { text } = generator(4)
  for (let round = 0; round < 500; round++) {
    const value = text(['a', '"', '\\', '\n', '\t', '=', ' ', 'é', '\u2028'], 10)
    expect(record(logfmt(), `k=${JSON.stringify(value)} next=1`)).toEqual({ k: value, next: '1' })
  }
})
