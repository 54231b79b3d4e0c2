import { expect, test } from 'vitest'
import { failure, generator, parse } from './shared/testing.ts'
import { w3c } from './w3c.ts'

const head =
  '#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2023-07-10 11:45:00\n#Fields: date time c-ip cs(User-Agent) sc-status'

test('#Fields: names the columns; a dash is nothing', () => {
  expect(parse(w3c(), '2023-07-10 11:45:01 192.0.2.1 - 200', { first: false, firstLine: head })).toEqual([
    { data: { date: '2023-07-10', time: '11:45:01', 'c-ip': '192.0.2.1', 'sc-status': '200' } },
  ])
})

test('directives hold no record', () => {
  for (const line of head.split('\n')) expect(parse(w3c(), line)).toEqual([])
})

test('in one text, later #Fields: lines take over', () => {
  expect(parse(w3c(), '#Fields: a b\r\n1 2\r\n#Fields: a\n3\n', { first: true })).toEqual([
    { data: { a: '1', b: '2' } },
    { data: { a: '3' } },
  ])
})

test('quoted texts, and tabs as CloudFront writes them', () => {
  const context = { first: false, firstLine: '#Fields: a b c' }
  expect(parse(w3c(), 'x "two ""words""" y', context)).toEqual([{ data: { a: 'x', b: 'two "words"', c: 'y' } }])
  expect(parse(w3c(), 'x\t"q w\t-', context)).toEqual([{ data: { a: 'x', b: '"q w' } }])
})

test('without a #Fields: line, the given columns or a failure', () => {
  expect(parse(w3c({ columns: ['a', 'b'] }), '1 2')).toEqual([{ data: { a: '1', b: '2' } }])
  expect(parse(w3c(), '1 2', { first: false, firstLine: '#Version: 1.0' })).toEqual([
    { failure: 'no #Fields: line is known' },
  ])
  expect(failure(w3c({ columns: ['a', 'b'] }), '1 2 3').failure).toBe('expected 2 columns, found 3')
})

test('lines survive a round trip', () => {
  const { integer, text } = generator(5)
  for (let round = 0; round < 300; round++) {
    const cells = Array.from({ length: 1 + integer(5) }, () => text(['a', '"', ' ', '+', '#'], 5))
    const line = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(' ')
    const firstLine = `#Fields: ${cells.map((_, index) => `f${index}`).join(' ')}`
    const expected = Object.fromEntries(cells.map((cell, index) => [`f${index}`, cell]))
    expect(parse(w3c({ absent: [] }), line, { first: false, firstLine })).toEqual([{ data: expected }])
  }
})
