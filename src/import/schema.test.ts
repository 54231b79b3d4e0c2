import { describe, expect, test } from 'vitest'
import { schemasOf } from './fixture.ts'

const door = { door: 'string', open: 'boolean' }
const only = (schema: object, configuration: object = {}, parser = 'json') =>
  schemasOf({ 'a:b': { parser, schema, configuration } })

describe('fields', () => {
  const { schemas, notes } = only(
    {
      text: 'string',
      count: 'integer',
      share: 'float',
      sure: 'boolean',
      any: {},
      list: [],
      typed: ['string'],
      inner: { deep: { id: 'integer' }, tags: [] },
      odd: 'date',
      maybe: 'integer',
      maybeAny: {},
      maybeList: [],
      maybeInner: { id: 'string' },
    },
    { optional_top_level_keys: ['maybe', 'maybeAny', 'maybeList', 'maybeInner', 'gone'] },
  )

  test('each type, required and optional', () => {
    const nullable = (of: unknown) => ({ kind: 'nullable', of })
    const list = { kind: 'list', of: 'json' }
    expect(schemas[0]!.fields).toEqual({
      text: nullable('string'),
      count: nullable('integer'),
      share: nullable('float'),
      sure: nullable('boolean'),
      any: 'json',
      list: nullable(list),
      typed: nullable(list),
      inner: { deep: { id: nullable('integer') }, tags: nullable(list) },
      odd: 'json',
      maybe: 'integer?',
      maybeAny: 'json?',
      maybeList: { kind: 'optional', of: nullable(list) },
      maybeInner: { kind: 'optional', of: nullable({ id: nullable('string') }) },
    })
  })

  test('what cannot stay as it was is noted', () => {
    expect(notes).toEqual([
      expect.stringContaining('(`gone`) had disabled it'),
      expect.stringContaining('`typed`: the type inside the list'),
      expect.stringContaining('`odd`: there was no type "date"'),
    ])
  })
})

test('a key must be there, but may be null or empty as before; further ones are kept', () => {
  const { read } = only({ id: 'integer', inner: { a: 'string' } })
  expect(read('{"id":null,"inner":{"a":null},"new":1}')).toEqual([
    { as: 'a:b', data: { id: null, inner: { a: null }, new: 1 } },
  ])
  expect(read('{"id":"","inner":{"a":""}}')).toEqual([{ as: 'a:b', data: { id: null, inner: { a: '' } } }])
  expect(read('{"id":"7","inner":{"a":1}}')).toEqual([{ as: 'a:b', data: { id: 7, inner: { a: '1' } } }])
  expect(read('{"inner":{"a":"x"}}')[0]).toContain('id is missing')
  expect(read('{"id":1,"inner":null}')[0]).toContain('inner expected an object')
})

test('an optional object may be absent: it could not be', () => {
  const { read } = only({ id: 'integer', inner: { a: 'string' } }, { optional_top_level_keys: ['inner'] })
  expect(read('{"id":1}')).toMatchObject([{ as: 'a:b' }])
})

test('an empty schema took everything; now it takes objects, after all others', () => {
  const { read, notes } = schemasOf({
    'a:any': { parser: 'json', schema: {} },
    'b:door': { parser: 'json', schema: door },
  })
  expect(read('{"door":"x","open":true}')).toMatchObject([{ as: 'b:door' }])
  expect(read('{"x":1}')).toMatchObject([{ as: 'a:any' }])
  expect(notes).toEqual(['it took any text; now it takes objects'])
})

describe('json', () => {
  test('json_path, with an envelope whose keys may be optional', () => {
    const { read } = only(door, {
      json_path: 'events[*]',
      envelope_keys: { site: 'string', floor: 'integer', tags: [] },
      optional_envelope_keys: ['floor'],
    })
    expect(read('{"site":"north","tags":[],"events":[{"door":"a","open":true},{"door":"b","open":"FALSE"}]}')).toEqual([
      { as: 'a:b', data: { door: 'a', open: true }, envelope: { site: 'north', tags: [] } },
      { as: 'a:b', data: { door: 'b', open: false }, envelope: { site: 'north', tags: [] } },
    ])
    expect(read('{"tags":[],"events":[{"door":"a","open":true}]}')[0]).toContain('envelope.site is missing')
  })

  test('a list at the root', () => {
    expect(only(door, { json_path: '[*]' }).read('[{"door":"a","open":true}]')).toMatchObject([{ as: 'a:b' }])
  })

  test('embedded_json', () => {
    const text = JSON.stringify({ lines: [JSON.stringify({ door: 'a', open: true }), 'no json'] })
    const { read } = only(door, { json_path: 'lines[*]', embedded_json: true })
    expect(read(text)).toEqual([{ as: 'a:b', data: { door: 'a', open: true } }, expect.stringContaining('not JSON')])
  })

  test('json_regex_key, with the envelope beside it', () => {
    const { read } = only(door, { json_regex_key: 'message', envelope_keys: { host: 'string' } })
    expect(read('{"host":"h1","message":"<13> doors: {\\"door\\":\\"a\\",\\"open\\":true}"}')).toEqual([
      { as: 'a:b', data: { door: 'a', open: true }, envelope: { host: 'h1' } },
    ])
  })

  test('an envelope of the record itself: what is a field stays in it', () => {
    const { read, notes, schemas } = only(door, { envelope_keys: { door: 'string', site: 'string' } })
    expect(read('{"door":"a","open":true,"site":"north"}')).toEqual([
      { as: 'a:b', data: { door: 'a', open: true }, envelope: { site: 'north' } },
    ])
    expect(schemas[0]!.envelope).toEqual({ site: { kind: 'nullable', of: 'string' } })
    expect(notes).toEqual([expect.stringContaining('(`door`) are in the record only')])
  })

  test('options that had no effect are left out, and said to be', () => {
    const { notes, read } = only(door, {
      embedded_json: true,
      delimiter: ';',
      optional_top_level_key: ['open'],
      optional_envelope_keys: ['x'],
    })
    expect(notes).toEqual(
      ['delimiter', 'optional_top_level_key', 'embedded_json'].map(
        (option) => `\`${option}\` meant nothing here, and is left out`,
      ),
    )
    expect(read('{"door":"a","open":true}')).toMatchObject([{ as: 'a:b' }])
    expect(only(door, { json_path: 'x', json_regex_key: 'y' }).notes).toEqual([
      '`json_regex_key` meant nothing here, and is left out',
    ])
  })
})

describe('csv', () => {
  test('delimiter, quotechar, escapechar; the number of columns counts', () => {
    const { read } = only({ a: 'string', b: 'integer' }, { delimiter: '|', quotechar: "'", escapechar: '\\' }, 'csv')
    expect(read(String.raw`'it\'s|so'|7`)).toEqual([{ as: 'a:b', data: { a: "it's|so", b: 7 } }])
    expect(read('x|')).toEqual([{ as: 'a:b', data: { a: 'x', b: null } }])
    expect(read('x|1|2')[0]).toContain('expected 2 columns, found 3')
  })

  test('a cell that is a row', () => {
    const { read } = only({ a: 'string', b: { c: 'string', d: 'integer' } }, {}, 'csv')
    expect(read('x,"y,7"')).toEqual([{ as: 'a:b', data: { a: 'x', b: { c: 'y', d: 7 } } }])
  })

  test('json_path leads to rows in JSON', () => {
    const { read } = only(
      { a: 'string', b: 'integer' },
      { json_path: 'log[*].line', envelope_keys: { host: 'string' } },
      'csv',
    )
    expect(read('{"host":"h","log":[{"line":"x,1"},{"line":"y,2"}]}')).toEqual([
      { as: 'a:b', data: { a: 'x', b: 1 }, envelope: { host: 'h' } },
      { as: 'a:b', data: { a: 'y', b: 2 }, envelope: { host: 'h' } },
    ])
  })

  test('an envelope around a text was never there', () => {
    expect(only({ a: 'string' }, { envelope_keys: { host: 'string' } }, 'csv').notes).toEqual([
      expect.stringContaining('`envelope_keys` of a text'),
    ])
  })

  test('columns named by digits lose their order', () => {
    expect(only({ b: 'string', 1: 'string' }, {}, 'csv').notes).toEqual([expect.stringContaining('named by digits')])
  })
})

test('kv: delimiter and separator; values keep their quotes and may contain the separator', () => {
  const { read } = only({ a: 'string', b: 'integer' }, { delimiter: ';', separator: ':' }, 'kv')
  expect(read('b: 7; a:"x:y"')).toEqual([{ as: 'a:b', data: { b: 7, a: '"x:y"' } }])
  expect(read('a:x;b')[0]).toContain('"b" has no :')
  expect(only({ a: 'string' }, {}, 'kv').read('a=x')).toEqual([{ as: 'a:b', data: { a: 'x' } }])
})

test('syslog gives the same four fields, from more kinds of lines', () => {
  const fields = { timestamp: 'string', host: 'string', application: 'string', message: 'string' }
  const { read, schemas } = only(fields, {}, 'syslog')
  const data = { timestamp: 'Jan 10 19:35:33', host: 'vagrant-1', application: 'sudo', message: 'session opened' }
  expect(read('Jan 10 19:35:33 vagrant-1 sudo[123]: session opened')).toEqual([{ as: 'a:b', data }])
  expect(read('<34>Jan  1 19:35:33 a.example.com dhcp-client: x')).toMatchObject([
    { data: { timestamp: 'Jan  1 19:35:33', host: 'a.example.com', application: 'dhcp-client', message: 'x' } },
  ])
  expect(schemas[0]!.time).toBe('timestamp')
})

describe('log_patterns', () => {
  const typed = { type: 'string', inner: { kind: 'string' }, 'x.y': 'string' }
  test('any within a field, all across fields, with globs; a backslash means itself', () => {
    const { read } = only(typed, { log_patterns: { type: ['log?n', 'C:\\*'], 'x.y': '[!b]*' } })
    const as = (type: string, xy: string) => read(JSON.stringify({ type, 'x.y': xy, inner: { kind: 'k' } }))
    expect(as('login', 'a')).toMatchObject([{ as: 'a:b' }])
    expect(as('C:\\temp', 'a')).toMatchObject([{ as: 'a:b' }])
    expect(as('logout', 'a')[0]).toContain('type does not match')
    expect(as('login', 'b')[0]).toContain("['x.y'] does not match")
  })

  test('nested and of the envelope: all must hold, also beside others', () => {
    const { read, schemas, notes } = only(typed, {
      json_path: 'events',
      envelope_keys: { kind: 'string' },
      log_patterns: { type: 'login', inner: { kind: ['v*'] }, 'streamalert:envelope_keys': { kind: 'EVENT' } },
    })
    expect(schemas[0]!.patterns).toEqual({ type: ['login'], 'inner.kind': ['v*'], 'envelope.kind': ['EVENT'] })
    const as = (type: string, inner: string, kind: string) =>
      read(JSON.stringify({ kind, events: { type, inner: { kind: inner }, 'x.y': 1 } }))
    expect(as('login', 'v1', 'EVENT')).toMatchObject([{ as: 'a:b' }])
    expect(as('NO', 'v1', 'EVENT')[0]).toContain('type does not match')
    expect(as('login', 'v1', 'OTHER')[0]).toContain('envelope.kind does not match')
    expect(notes).toEqual([expect.stringContaining('now all must hold')])
  })

  test('a field that lies deeper is found there; one that lies nowhere never matches', () => {
    const deeper = only(typed, { log_patterns: { kind: 'v*' } })
    expect(deeper.schemas[0]!.patterns).toEqual({ 'inner.kind': ['v*'] })
    expect(deeper.notes).toEqual([expect.stringContaining('`inner.kind` is looked at')])
    expect(only(typed, { log_patterns: { nothing: 'v*' } }).notes).toEqual([expect.stringContaining('none will')])
  })

  test('null and numbers are no error', () => {
    const { read } = only({ a: {} }, { log_patterns: { a: '1*' } })
    expect(read('{"a":null}')[0]).toContain('a does not match')
    expect(read('{"a":12}')).toMatchObject([{ as: 'a:b' }])
  })

  test('a field called envelope is no envelope', () => {
    const { read } = only({ envelope: { id: 'string' } }, { log_patterns: { envelope: { id: 'x' } } })
    expect(read('{"envelope":{"id":"x"}}')).toMatchObject([{ as: 'a:b' }])
    expect(read('{"envelope":{"id":"y"}}')[0]).toContain("['envelope'].id does not match")
  })
})

test('priority: 0 first, then the others, then those without', () => {
  const priorities = (old: object) =>
    Object.fromEntries(schemasOf(old).schemas.map(({ name, priority }) => [name, priority]))
  const at = (priority?: number) => ({
    parser: 'json',
    schema: door,
    configuration: priority === undefined ? {} : { priority },
  })
  expect(priorities({ none: at(), second: at(5), first: at(0) })).toEqual({ none: 0, second: 1, first: 6 })
})

test('names that were free become plain; two that become one are a clash', () => {
  const { schemas, notes, problems } = schemasOf({
    'My App:Log ins': { parser: 'json', schema: door },
    'my app:log ins': { parser: 'json', schema: door },
  })
  expect(schemas.map(({ name }) => name)).toEqual(['my-app:log-ins'])
  expect(notes).toEqual(['the name was `My App:Log ins`'])
  expect(problems).toEqual([
    'The log type "my app:log ins" is already declared in conf/schemas/x.json:1 as "My App:Log ins".',
  ])
})

test('a broken path is a fault of its schema alone', () => {
  const { schemas, problems } = schemasOf({
    'a:bad': { parser: 'json', schema: door, configuration: { json_path: 'a[' } },
    'a:good': { parser: 'json', schema: door },
  })
  expect(schemas.map(({ name }) => name)).toEqual(['a:good'])
  expect(problems).toEqual([expect.stringContaining('is not JMESPath')])
})
