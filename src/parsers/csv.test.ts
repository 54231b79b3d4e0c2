import { expect, test } from 'vitest'
import { csv } from './csv.ts'
import { failure, generator, parse, record } from './shared/testing.ts'

const three = csv({ columns: ['a', 'b', 'c'] })

test('RFC 4180: quotes, doubled quotes, empty cells, CRLF', () => {
  expect(record(three, 'aaa,bbb,ccc')).toEqual({ a: 'aaa', b: 'bbb', c: 'ccc' })
  expect(record(three, '"aaa","b,bb","c""c"\r\n')).toEqual({ a: 'aaa', b: 'b,bb', c: 'c"c' })
  expect(record(three, ',"",\r')).toEqual({ a: '', b: '', c: '' })
  expect(record(three, ' a,b "x" y, "c"')).toEqual({ a: ' a', b: 'b "x" y', c: ' "c"' })
})

test('columns default to the fields of the schema, in order', () => {
  expect(record(csv(), '1,2', ['x', 'y'])).toEqual({ x: '1', y: '2' })
})

test('rows with too many or too few cells say so', () => {
  expect(failure(three, '1,2')).toEqual({ failure: 'expected 3 columns, found 2' })
  expect(failure(three, '1,2,3,4')).toEqual({ failure: 'expected 3 columns, found 4' })
  expect(failure(csv({ columns: ['a', 'b', 'c'], atLeast: 2 }), '1').failure).toBe('expected 2 to 3 columns, found 1')
})

test('rows may be allowed to end early and to go on', () => {
  const use = csv({ columns: ['a', 'b', 'c'], atLeast: 2, rest: 'more' })
  expect(record(use, '1,2')).toEqual({ a: '1', b: '2' })
  expect(record(use, '1,2,3,4,5')).toEqual({ a: '1', b: '2', c: '3', more: ['4', '5'] })
  expect(record(csv({ rest: 'more' }), '1,2', ['a', 'more'])).toEqual({ a: '1', more: ['2'] })
})

test('any delimiter, quote and escape', () => {
  expect(record(csv({ columns: ['a', 'b'], delimiter: '\t' }), '1\t"2\t3"')).toEqual({ a: '1', b: '2\t3' })
  expect(record(csv({ columns: ['a', 'b'], delimiter: '||' }), '1|x||2')).toEqual({ a: '1|x', b: '2' })
  expect(record(csv({ columns: ['a', 'b'], quote: "'", escape: '\\' }), String.raw`'it\'s, ''so''',x\,y\\`)).toEqual({
    a: "it's, 'so'",
    b: 'x,y\\',
  })
  expect(record(csv({ columns: ['a', 'b'], quote: '' }), '"1,2"')).toEqual({ a: '"1', b: '2"' })
})

test('a header names the columns of its own stream', () => {
  const use = csv({ header: true })
  expect(parse(use, 'x,"y z"', { first: true })).toEqual([])
  expect(parse(use, '1,2', { first: false, firstLine: 'x,"y z"\r' })).toEqual([{ data: { x: '1', 'y z': '2' } }])
  expect(parse(use, 'x,y\n1,2\n3\n5,6', { first: true })).toEqual([
    { data: { x: '1', y: '2' } },
    { failure: 'expected 2 columns, found 1' },
    { data: { x: '5', y: '6' } },
  ])
  expect(failure(use, '1,2').failure).toBe('the header of the stream is not known')
  expect(parse(use, '1', { first: false, firstLine: '__proto__' })).toEqual([{ data: JSON.parse('{"__proto__":"1"}') }])
})

test('a first line that names no field of the schema is no header', () => {
  const use = csv({ header: true })
  const fields = ['user', 'action']
  const failed = { failure: 'the first line of the stream is no header of these columns' }
  expect(use.parser.usesFields?.(use.options)).toBe(true)
  expect(parse(use, 'user,other', { first: true }, fields)).toEqual([])
  expect(parse(use, 'a,b', { first: true }, fields)).toEqual(failed)
  expect(parse(use, '1,2', { first: false, firstLine: 'a,b' }, fields)).toEqual(failed)
  expect(parse(use, 'a,b', { first: false, firstLine: 'a,b' }, fields)).toEqual(failed)
  expect(parse(csv({ header: true, columns: ['x'] }), 'a,b', { first: true }, fields)).toEqual(failed)
  expect(parse(use, '1,2', { first: false, firstLine: 'a, action' }, fields)).toEqual([
    { data: { a: '1', action: '2' } },
  ])
})

test('a header may be passed over, come again, and begin with a byte order mark', () => {
  const own = csv({ header: true, columns: ['a', 'b'] })
  expect(parse(own, 'x,y', { first: true })).toEqual([])
  expect(parse(own, '1,2', { first: false, firstLine: 'x,y' })).toEqual([{ data: { a: '1', b: '2' } }])
  expect(parse(csv({ header: true }), 'x,y', { first: false, firstLine: '\uFEFFx,y\r' })).toEqual([])
  expect(parse(csv({ header: true }), '1,2', { first: false, firstLine: '\uFEFFx,y' })).toEqual([
    { data: { x: '1', y: '2' } },
  ])
})

test('one compiled parser serves streams with different headers', () => {
  const compiled = csv({ header: true })
  const read = compiled.parser.compile(compiled.options, [])
  const at = (firstLine: string) => read('1', { first: false, firstLine })
  expect([at('a'), at('b'), at('a')]).toEqual([[{ data: { a: '1' } }], [{ data: { b: '1' } }], [{ data: { a: '1' } }]])
})

test('comment lines hold no record, those in quotes do', () => {
  const use = csv({ columns: ['a'], comment: '#' })
  expect(parse(use, '# x')).toEqual([])
  expect(parse(use, '1\n#2\n"#3"')).toEqual([{ data: { a: '1' } }, { data: { a: '#3' } }])
})

test('multi-line cells', () => {
  const use = csv({ columns: ['a', 'b'], multiline: true })
  expect(use.parser.framing(use.options)).toBe('quoted')
  expect(record(use, '1,"two\nlines\r\nthree"')).toEqual({ a: '1', b: 'two\nlines\r\nthree' })
  expect(failure(use, '1,"two')).toEqual({ failure: 'a quote is opened and not closed', at: 2 })
})

test('cells may stand for nothing', () => {
  expect(record(csv({ columns: ['a', 'b', 'c'], absent: ['-', ''] }), '-,,x')).toEqual({ c: 'x' })
})

test('cells may be rows themselves', () => {
  const use = csv({ columns: ['a', 'b', 'c'], nested: { b: ['x', 'y'], c: { columns: ['p', 'q'], delimiter: ';' } } })
  expect(record(use, '1,"2,""3,4""",5;6')).toEqual({ a: '1', b: { x: '2', y: '3,4' }, c: { p: '5', q: '6' } })
  expect(failure(use, '1,2,5;6').failure).toBe('column b: expected 2 columns, found 1')
})

test('blank lines are no rows; text that is JSON is a row as any other', () => {
  expect(parse(three, '\n\r\n')).toEqual([])
  expect(failure(three, '12').failure).toBe('expected 3 columns, found 1')
  expect(failure(three, '{"a":{}}').failure).toBe('expected 3 columns, found 1')
})

test('rows survive a round trip', () => {
  const { integer, pick, text } = generator(2)
  for (let round = 0; round < 500; round++) {
    const [delimiter, quote, escape] = pick([
      [',', '"', undefined],
      ['\t', "'", undefined],
      ['::', '"', '\\'],
      [';', '"', '"'],
    ] as const)
    const columns = Array.from({ length: 2 + integer(4) }, (_, index) => `c${index}`)
    const rows = Array.from({ length: 1 + integer(3) }, () =>
      columns.map(() => text(['a', '"', "'", ':', ',', ';', '\t', '\n', '\\', ' '], 6)),
    )
    const cell = (value: string) => {
      const doubled = value.replaceAll(quote, quote + quote)
      return quote + (escape === '\\' ? doubled.replaceAll('\\', '\\\\') : doubled) + quote
    }
    const written = rows.map((row) => row.map(cell).join(delimiter)).join(pick(['\n', '\r\n']))
    const use = csv({ columns, delimiter, quote, escape, multiline: true })
    const expected = rows.map((row) => ({ data: Object.fromEntries(row.map((value, index) => [`c${index}`, value])) }))
    expect(parse(use, written)).toEqual(expected)
  }
})

test('a text with too few or too many delimiters meets a closed gate', () => {
  const passes = (given: Parameters<typeof csv>[0], text: string) => {
    const { parser, options } = csv(given)
    return parser.gate?.(options, [])?.passes?.(text, { first: false }) ?? true
  }
  const columns = ['a', 'b', 'c']
  expect(['1,2,3', '1,2', '1,2,3,4', '"1,2",3,4'].map((text) => passes({ columns }, text))).toEqual([
    true,
    false,
    true,
    true,
  ])
  expect(passes({ columns, quote: '' }, '1,2,3,4')).toBe(false)
  expect(passes({ columns, quote: '', rest: 'more' }, '1,2,3,4')).toBe(true)
  expect(passes({ columns, atLeast: 2 }, '1,2')).toBe(true)
  expect(passes({ columns, comment: '#' }, '# x')).toBe(true)
  expect(passes({ header: true, columns }, 'x')).toBe(true)
  expect(passes({}, 'x')).toBe(true)
})
