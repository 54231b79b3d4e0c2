import { expect, test } from 'vitest'
import type { Once, ParseFailure } from '../core/contracts/index.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { keyValue } from './key-value.ts'
import { failure, generator, parse, record, whole } from './shared/testing.ts'

test('a document is a record; a list holds one in each element', () => {
  expect(record(json(), '{"a":{"b":[1,null]}}')).toEqual({ a: { b: [1, null] } })
  expect(parse(json(), '[{"a":1},{"a":2}]')).toEqual([{ data: { a: 1 } }, { data: { a: 2 } }])
  expect(parse(json(), '[]')).toEqual([])
})

test('what is no object is a failure of its own; neighbours stand', () => {
  expect(parse(json(), '[{"a":1},2,null,[3],{"b":4}]')).toEqual([
    { data: { a: 1 } },
    { failure: 'expected an object, found a number' },
    { failure: 'expected an object, found null' },
    { failure: 'expected an object, found a list' },
    { data: { b: 4 } },
  ])
  expect(failure(json(), '12').failure).toBe('expected an object, found a number')
})

test('what is no JSON is a failure', () => {
  for (const text of ['', 'a,b,c', '{"a":1', "{'a':1}", '{"a":1} x', '\u0000']) {
    expect(failure(json(), text).failure).not.toBe('')
  }
})

test('hostile keys are ordinary fields, long integers keep their digits', () => {
  const data = record(json(), '{"__proto__":{"admin":true},"id":9007199254740993}')
  expect(Object.keys(data)).toEqual(['__proto__', 'id'])
  expect(data.admin).toBeUndefined()
  expect(String(data.id)).toBe('9007199254740993')
})

test('path: records inside the document, with keys around them in the envelope', () => {
  const use = json({ path: 'body.Records[*]', envelope: ['owner', 'tags', 'missing'] })
  expect(parse(use, '{"owner":"o","tags":[1],"other":1,"body":{"Records":[{"a":1},"x",{"a":2}]}}')).toEqual([
    { data: { a: 1 }, envelope: { owner: 'o', tags: [1] } },
    { failure: 'expected an object, found a string', text: expect.any(Function) },
    { data: { a: 2 }, envelope: { owner: 'o', tags: [1] } },
  ])
  expect(parse(use, '{"body":{"Records":[]}}')).toEqual([])
  expect(failure(use, '{"body":{}}').failure).toBe('path body.Records[*] finds no list')
  expect(failure(use, '[]').failure).toBe('path body.Records[*] finds no list')
})

test('path: entries that lack what it asks for are reported, not dropped', () => {
  expect(parse(json({ path: 'events[*].fields' }), '{"events":[{"fields":{"a":1}},{"x":1}]}')).toEqual([
    { data: { a: 1 } },
    { failure: 'expected an object, found nothing', text: expect.any(Function) },
  ])
})

test('path: an entry that fails among others has a text of its own, which fails alike', () => {
  const use = json({ path: 'a.b[*].c', envelope: ['o'] })
  const found = parse(use, '{"o":1,"p":2,"a":{"q":3,"b":[{"c":{"x":1}},{"y":1},{"c":{"x":2}}]}}') as ParseFailure[]
  expect(found.map((one) => one.text?.())).toEqual([undefined, '{"o":1,"a":{"b":[{"y":1}]}}', undefined])
  expect(failure(use, found[1]!.text!()).failure).toBe(found[1]!.failure)
})

test('alone: a document without the first key of the path is itself a record, or a list of such', () => {
  const use = json({ path: 'Records[*]', alone: true, envelope: ['owner'] })
  expect(parse(use, '{"owner":"o","Records":[{"a":1}]}')).toEqual([{ data: { a: 1 }, envelope: { owner: 'o' } }])
  expect(parse(use, '{"a":1}')).toEqual([{ data: { a: 1 } }])
  expect(parse(use, '{"owner":"o","a":1}')).toEqual([{ data: { a: 1 }, envelope: { owner: 'o' } }])
  expect(parse(use, '[{"a":1},2]')).toEqual([{ data: { a: 1 } }, { failure: 'expected an object, found a number' }])
  expect(failure(use, '{"Records":5}').failure).toBe('path Records[*] finds no list')
  expect(failure(use, '5').failure).toBe('path Records[*] finds no list')
  const texts = json({ path: 'logEvents[*].message', embedded: true, alone: true })
  expect(parse(texts, '{"logEvents":[{"message":"{\\"a\\":1}"}]}')).toEqual(parse(texts, '{"a":1}'))
  expect(record(json({ path: '"my records"[0]', alone: true }), '{"a":1}')).toEqual({ a: 1 })
  expect(record(json({ path: 'a | [0]', alone: true }), '{"a":[{"b":1}]}')).toEqual({ b: 1 })
  expect(() => json({ alone: true })).toThrow(/alone needs a path/)
  for (const path of ['[*]', 'not_null(a, @)']) {
    expect(() => parse(json({ path, alone: true }), '{}')).toThrow(/begins with no key/)
  }
})

test('path: one object, top-level lists, and all of JMESPath', () => {
  expect(record(json({ path: 'detail.event' }), '{"detail":{"event":{"a":1}}}')).toEqual({ a: 1 })
  expect(parse(json({ path: '[*]' }), '[{"a":1}]')).toEqual([{ data: { a: 1 } }])
  expect(
    parse(json({ path: "events[?type=='x'].data | []" }), '{"events":[{"type":"x","data":[{"a":1}]},{"type":"y"}]}'),
  ).toEqual([{ data: { a: 1 } }])
  expect(failure(json({ path: 'events[0]' }), '{"events":[]}').failure).toBe('path events[0] finds nothing')
  expect(failure(json({ path: 'length(a)' }), '{"a":1}').failure).toContain('length')
})

test('path: one that is malformed is refused when the schema is compiled', () => {
  expect(() => parse(json({ path: 'a[' }), '{}')).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }))
})

test('path: inherited properties are not found', () => {
  expect(failure(json({ path: 'constructor.prototype' }), '{}').failure).toBe(
    'path constructor.prototype finds nothing',
  )
})

test('without path, keys of the envelope leave the record', () => {
  expect(whole(json({ envelope: ['host'] }), '{"host":"h","a":1}')).toEqual({ data: { a: 1 }, envelope: { host: 'h' } })
})

test('embedded: each value found is a text that contains JSON', () => {
  const use = json({ path: 'logEvents[*].message', embedded: true, envelope: ['logGroup'] })
  expect(
    parse(use, '{"logGroup":"g","logEvents":[{"message":"{\\"a\\":1}"},{"message":"oops"},{"message":5}]}'),
  ).toEqual([
    { data: { a: 1 }, envelope: { logGroup: 'g' } },
    { failure: expect.stringContaining('JSON'), text: expect.any(Function) },
    { failure: 'expected a text, found a number', text: expect.any(Function) },
  ])
})

test('each: each value found is a text for a further parser', () => {
  const use = json({ path: 'events[*].message', each: csv({ columns: ['a', 'b'] }), envelope: ['owner'] })
  expect(parse(use, '{"owner":"o","events":[{"message":"1,2"},{"message":"3"}]}')).toEqual([
    { data: { a: '1', b: '2' }, envelope: { owner: 'o' } },
    { failure: 'expected 2 columns, found 1', text: expect.any(Function) },
  ])
  expect(json({ path: 'a', each: csv() }).parser.usesFields?.(json({ path: 'a', each: csv() }).options)).toBe(true)
  expect(parse(json({ path: 'a', each: keyValue() }), '{"a":"k=v"}')).toEqual([{ data: { k: 'v' } }])
})

test('field: JSON inside a text, after other words', () => {
  const use = json({ field: 'message', envelope: ['host'] })
  const line = JSON.stringify({ host: 'h', message: 'github[12]: {"user":"mona","tags":["x}"]} trailing' })
  expect(whole(use, line)).toEqual({ data: { user: 'mona', tags: ['x}'] }, envelope: { host: 'h' } })
  expect(record(use, '{"message":{"a":1}}')).toEqual({ a: 1 })
  expect(failure(use, '{"message":"no json {here"}').failure).toBe('key message: no JSON inside the text')
  expect(failure(use, '{"message":7}').failure).toBe('key message: expected a text, found a number')
  expect(failure(use, '{"other":1}').failure).toBe('no key message in the document')
})

test('prefix: JSON inside a line of text', () => {
  const use = json({ prefix: true })
  expect(whole(use, 'Jul 10 11:45:00 host app[12]: {"a":1}')).toEqual({
    data: { a: 1 },
    envelope: { prefix: 'Jul 10 11:45:00 host app[12]:' },
  })
  expect(whole(use, '{"a":"{"} #2')).toEqual({ data: { a: '{' }, envelope: { prefix: '', suffix: '#2' } })
  expect(failure(use, 'host app[12]: {not json}').failure).toBe('no JSON inside the text')
})

test('what is parsed already is not parsed again', () => {
  const use = json()
  const asked: string[] = []
  const once: Once = (read, text) => {
    asked.push(text)
    return read(text)
  }
  expect(parse(use, '{"a":1}', { first: true, once })).toEqual([{ data: { a: 1 } }])
  expect(asked).toEqual(['{"a":1}'])
})

test('the head of the stream is not that of texts inside a document', () => {
  const use = json({ path: 'rows[*]', each: csv({ header: true }) })
  expect(parse(use, '{"rows":["a,b"]}', { first: true, firstLine: '{"rows":["a,b"]}' })).toEqual([
    { failure: 'the header of the stream is not known' },
  ])
})

test('options that contradict each other are refused', () => {
  expect(() => json({ path: 'a', field: 'b' })).toThrow(/exclude/)
  expect(() => json({ path: 'a', embedded: true, each: csv() })).toThrow(/exclude/)
})

test('lists survive a round trip', () => {
  const { integer, pick, text } = generator(1)
  const scalar = () => pick([null, true, integer(1e9), -1.5, text(['a', '"', '\\', '\n', 'é', '{', ']'], 8)])
  for (let round = 0; round < 300; round++) {
    const made = Array.from({ length: integer(5) }, () => ({
      [text(['a', '.', '"', ' '], 3)]: scalar(),
      list: [scalar(), { x: scalar() }],
    }))
    expect(parse(json(), JSON.stringify(made, undefined, integer(3)))).toEqual(made.map((data) => ({ data })))
  }
})
