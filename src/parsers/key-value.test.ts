import { expect, test } from 'vitest'
import { keyValue } from './key-value.ts'
import { failure, generator, record } from './shared/testing.ts'

test('pairs in any order; values may contain the separator, quotes enclose blanks', () => {
  expect(record(keyValue(), 'action=accept srcip=10.0.0.1  url=http://x/?a=b country="New Zealand"')).toEqual({
    action: 'accept',
    srcip: '10.0.0.1',
    url: 'http://x/?a=b',
    country: 'New Zealand',
  })
})

test('missing values are empty texts', () => {
  expect(record(keyValue(), 'a= b="" c=')).toEqual({ a: '', b: '', c: '' })
})

test('escapes inside quotes; a backslash elsewhere stands for itself', () => {
  expect(record(keyValue(), String.raw`a="say \"hi\"" b="C:\temp\\x" c=\d`)).toEqual({
    a: 'say "hi"',
    b: 'C:\\temp\\x',
    c: '\\d',
  })
})

test('any separators, blanks around them left aside', () => {
  expect(record(keyValue({ pairs: ',', separator: ':' }), 'a: 1, b : two words,c:x:y')).toEqual({
    a: '1',
    b: 'two words',
    c: 'x:y',
  })
  expect(record(keyValue({ pairs: ' | ', separator: '=>' }), 'a=>1 | b=>2 3')).toEqual({ a: '1', b: '2 3' })
  expect(record(keyValue({ quotes: `"'` }), `op=x acct='a b' "quoted key"=1`)).toEqual({
    op: 'x',
    acct: 'a b',
    'quoted key': '1',
  })
  expect(record(keyValue({ quotes: '' }), 'a="1 b=2')).toEqual({ a: '"1', b: '2' })
})

test('repeated keys give a list, or the first, or the last', () => {
  const text = 'ip=1 ip=2 ip=3 constructor=4'
  expect(record(keyValue(), text)).toEqual({ ip: ['1', '2', '3'], constructor: '4' })
  expect(record(keyValue({ repeated: 'first' }), text)).toEqual({ ip: '1', constructor: '4' })
  expect(record(keyValue({ repeated: 'last' }), text)).toEqual({ ip: '3', constructor: '4' })
})

test('words without a separator are kept together, are flags, or are refused', () => {
  expect(record(keyValue(), 'deny rule id=7 now')).toEqual({ id: '7', text: 'deny rule now' })
  expect(record(keyValue({ words: 'flag' }), 'deny id=7')).toEqual({ deny: true, id: '7' })
  expect(failure(keyValue({ words: 'reject' }), 'deny id=7').failure).toBe('"deny" has no =')
})

test('text without pairs, and open quotes, are failures', () => {
  expect(failure(keyValue(), 'just some words').failure).toBe('no key=value pair in the text')
  expect(failure(keyValue(), '').failure).toBe('no key=value pair in the text')
  expect(failure(keyValue(), 'a=1 b="x')).toEqual({
    failure: 'the value of b opens a quote and does not close it',
    at: 6,
  })
})

test('hostile keys are ordinary fields', () => {
  const data = record(keyValue(), '__proto__=1 toString=2 __proto__=3')
  expect(Object.keys(data)).toEqual(['__proto__', 'toString'])
  expect(Object.getOwnPropertyDescriptor(data, '__proto__')?.value).toEqual(['1', '3'])
})

test('pairs survive a round trip', () => {
  const { integer, text } = generator(3)
  for (let round = 0; round < 500; round++) {
    const names = Array.from({ length: 1 + integer(6) }, (_, index) => `k${index}`)
    const made = Object.fromEntries(names.map((name) => [name, text(['a', '=', ' ', '"', '\\', '\n'], 6)]))
    const line = names.map((name) => `${name}="${made[name]?.replace(/["\\]/g, '\\$&')}"`).join(' ')
    expect(record(keyValue(), line)).toEqual(made)
  }
})
