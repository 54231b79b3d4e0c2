import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { expect, test } from 'vitest'
import { schemas } from '../../../../schemas/index.ts'
import type { LogRecord } from '../../../core/contracts/index.ts'
import { type Fields, list, map, maybe } from '../../../core/fields/spec.ts'
import { tablesOf } from '../../../project/aws/tables.ts'
import { createTable } from './table.ts'

const record = (n: number, data: Record<string, unknown>): LogRecord => ({
  ...{ id: `id-${n}`, schema: 'app:events', source: 'aws-s3:logs', cluster: 'prod', position: `o#${n}` },
  ...{ receivedAt: 1_772_000_000_000, time: 1_772_000_000_000 + n, data },
})

const bytesOf = (fields: Fields, all: readonly Record<string, unknown>[]): ArrayBuffer => {
  const table = createTable(fields)
  for (const [n, data] of all.entries()) table.add(record(n, data), 100)
  return new Uint8Array(table.finish()).buffer
}

const rowsOf = async (fields: Fields, all: readonly Record<string, unknown>[]) =>
  (await parquetReadObjects({ file: bytesOf(fields, all), compressors })) as Record<string, unknown>[]

test('each type of a field is read back as Athena has it', async () => {
  const fields: Fields = {
    eventName: 'string',
    when: 'timestamp',
    n: 'integer',
    ratio: 'float?',
    ok: 'boolean?',
    extra: 'json',
    'weird-Name': 'ip?',
    cluster: 'string?',
    user: { userName: 'string', mfa: { on: 'boolean?' }, groups: maybe(list('string')) },
    odd: { 'not-a-name': 'string' },
    parts: list({ size: 'integer', tags: list('string?') }),
    matrix: list(list('integer')),
    labels: maybe(map('string')),
    sizes: map({ n: 'integer' }),
  }
  const full = {
    ...{ eventName: 'Ünïcode \u0000 \ud800', when: '2026-03-01T10:00:00Z', n: 7, ratio: 0.5, ok: true },
    ...{ extra: { a: [1, null] }, 'weird-Name': '::1', cluster: 'other', odd: { 'not-a-name': 'x' } },
    user: { userName: 'ann', mfa: { on: false }, groups: [] },
    parts: [
      { size: 1, tags: ['a', null] },
      { size: 2, tags: [] },
    ],
    matrix: [[1, 2], [], [3]],
    labels: { a: '1', __proto__x: '2' },
    sizes: { one: { n: 1 } },
  }
  const empty = { eventName: 'second', user: {}, parts: [], labels: null, extra: 'text' }
  const [first, second] = await rowsOf(fields, [full, empty])
  expect(first).toEqual({
    ...{ streamalert_id: 'id-0', streamalert_source: 'aws-s3:logs', streamalert_time: new Date(1_772_000_000_000) },
    ...{ streamalert_envelope: null, streamalert_rest: null },
    ...{ eventname: 'Ünïcode \u0000 \ufffd', when: '2026-03-01T10:00:00Z', n: 7n, ratio: 0.5, ok: true },
    ...{ extra: '{"a":[1,null]}', weird_name: '::1', cluster_: 'other', odd: '{"not-a-name":"x"}' },
    user: { username: 'ann', mfa: { on: false }, groups: [] },
    parts: [
      { size: 1n, tags: ['a', null] },
      { size: 2n, tags: [] },
    ],
    matrix: [[1n, 2n], [], [3n]],
    labels: { a: '1', __proto__x: '2' },
    sizes: { one: { n: 1n } },
  })
  expect(second).toMatchObject({ eventname: 'second', n: null, labels: undefined, parts: [], extra: '"text"' })
  expect(second!['user']).toEqual({ username: null, mfa: undefined, groups: undefined })
})

test('whatever a record holds, nothing is thrown: what a column cannot hold is null', async () => {
  const fields: Fields = {
    i: 'integer',
    f: 'float',
    b: 'boolean',
    t: 'string',
    s: { a: 'string' },
    l: list('integer'),
    m: map('json'),
  }
  const all: Record<string, unknown>[] = [
    { i: '9223372036854775807', f: '1e3', t: 5, s: 'no', l: 'no', m: [] },
    { i: '9223372036854775808', f: Number.NaN, b: 'true', t: { x: 1 }, s: [], l: [1.5, '-2', {}], m: null },
    { i: 1e300, f: '', t: [], s: null, l: null, m: JSON.parse('{"constructor":{"a":1}}') as object },
    JSON.parse('{"__proto__":{"i":1},"constructor":1,"i":-9.5}') as Record<string, unknown>,
  ]
  const rows = await rowsOf(fields, all)
  expect(rows.map(({ i }) => i)).toEqual([9223372036854775807n, null, null, null])
  expect(rows.map(({ f }) => f)).toEqual([1000, null, null, null])
  expect(rows.map(({ t }) => t)).toEqual(['5', '{"x":1}', '[]', null])
  expect(rows.map(({ l }) => l)).toEqual([undefined, [null, -2n, null], undefined, undefined])
  expect(Object.entries(rows[2]!['m'] as object)).toEqual([['constructor', '{"a":1}']])
})

test('what has no column, or does not fit into its own, is JSON in a column for the rest; so is what stood around', async () => {
  const fields: Fields = { n: 'integer', user: { name: 'string' }, items: list({ a: 'integer' }), tags: map('integer') }
  const table = createTable(fields)
  const data = {
    ...{ n: '99999999999999999999', fresh: [1], user: { name: 'ann', age: 7 } },
    ...{ items: [{ a: 1 }, { a: 2, b: 'x' }], tags: { one: 1, two: 'no number' } },
  }
  table.add({ ...record(1, data), envelope: { logGroup: 'g' } }, 100)
  const file = new Uint8Array(table.finish()).buffer
  const [row] = (await parquetReadObjects({ file, compressors })) as Record<string, string>[]
  expect(JSON.parse(row!['streamalert_rest']!)).toEqual({
    ...{ n: '99999999999999999999', fresh: [1], user: { age: 7 } },
    ...{ items: { 1: { b: 'x' } }, tags: { two: 'no number' } },
  })
  expect(row!['streamalert_envelope']).toBe('{"logGroup":"g"}')
})

test('files of built-in log types have the columns that their tables declare', () => {
  const some = schemas.filter((_, n) => n % 30 === 0)
  const declared = tablesOf(some, [])
  for (const { name, fields } of some) {
    const { schema } = parquetMetadata(bytesOf(fields, [{}]))
    const depths: string[] = []
    for (let at = 1; at < schema.length; at = skip(schema, at)) depths.push(schema[at]!.name)
    expect([name, depths]).toEqual([name, declared[name]!.map((column) => column.name)])
  }
})

/** The element behind a column and all that lies in it. */
function skip(schema: readonly { num_children?: number | undefined }[], at: number): number {
  let next = at + 1
  for (let n = schema[at]!.num_children ?? 0; n > 0; n--) next = skip(schema, next)
  return next
}
