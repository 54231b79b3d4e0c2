import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { expect, test } from 'vitest'
import { schemas } from '../../../../schemas/index.ts'
import type { LogRecord } from '../../../core/contracts/index.ts'
import { type Fields, list, map, maybe } from '../../../core/fields/spec.ts'
import { tablesOf } from '../../../project/aws/tables.ts'
import { createTable } from '../compact/table.ts'
import { rowWriter } from './row.ts'

const hour = '2026-03-01-10'
const record = (n: number, data: Record<string, unknown>): LogRecord => ({
  ...{ id: `id-${n}`, schema: 'app:events', source: 'aws-s3:logs', cluster: 'prod', position: `o#${n}` },
  ...{ receivedAt: 1_772_000_000_000, time: 1_772_000_000_000 + n, envelope: { n }, data },
})

/** Integers as text, for they may be longer than a double holds; without what is null. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((one) => plain(one) ?? null)
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const inner = Object.entries(value).flatMap(([name, one]) => {
    const some = plain(one)
    return some === undefined ? [] : [[name, some] as const]
  })
  return Object.fromEntries(inner)
}

/** As who tells integers from numbers with a point reads it: with the text of each number (https://tc39.es/proposal-json-parse-with-source/). */
const parse = JSON.parse as (
  text: string,
  revive: (key: string, value: unknown, at: { source?: string }) => unknown,
) => unknown
const read = (row: string): unknown =>
  plain(
    parse(row, (_, value, { source = '' }) =>
      typeof value === 'number' && /^-?\d+$/.test(source) ? BigInt(source) : value,
    ),
  )

test('a row has the columns and values of a file of compact, whatever the record holds', async () => {
  const fields: Fields = {
    ...{ eventName: 'string', when: 'timestamp', n: 'integer', ratio: 'float?', ok: 'boolean?', extra: 'json' },
    ...{ 'weird-Name': 'ip?', cluster: 'string?', dt: 'string?', odd: { 'not-a-name': 'string' } },
    user: { userName: 'string', mfa: { on: 'boolean?' }, groups: maybe(list('string')) },
    parts: list({ size: 'integer', tags: list('string?') }),
    ...{ matrix: list(list('float')), labels: maybe(map('string')), sizes: map({ n: 'integer' }) },
  }
  const all: Record<string, unknown>[] = [
    {
      ...{ eventName: 'Ünïcode \n"quoted"', when: '2026-03-01T10:00:00Z', n: '9223372036854775807' },
      ...{ ratio: 5, ok: true, extra: { a: [1, null] }, 'weird-Name': '::1', cluster: 'other', dt: 'theirs' },
      ...{ odd: { 'not-a-name': 'x' }, user: { userName: 'ann', mfa: { on: false }, groups: [], more: 1 } },
      parts: [
        { size: 1, tags: ['a', null] },
        { size: 2, tags: [] },
      ],
      ...{ matrix: [[1, 2.5], []], labels: { Upper: '1', 'a.b': '2' }, sizes: { one: { n: 1 } }, fresh: [1] },
    },
    { eventName: 5, n: 1e300, ratio: 1e300, ok: 'no', user: 'no', parts: 'no', matrix: [{}, null], labels: [] },
    JSON.parse('{"__proto__":{"n":1},"constructor":1,"labels":{"constructor":"x"},"n":-9.5}') as Record<
      string,
      unknown
    >,
    {},
  ]
  const table = createTable(fields)
  const write = rowWriter(fields)
  const records = all.map((data, n) => record(n, data))
  for (const one of records) table.add(one, 100)
  const file = new Uint8Array(table.finish()).buffer
  const rows = await parquetReadObjects({ file, compressors })
  const own = records.map((one) => write(one, hour))
  for (const [n, row] of rows.entries()) {
    expect(own[n]!.indexOf('\n')).toBe(own[n]!.length - 1)
    expect(read(own[n]!)).toEqual({ dt: hour, ...(plain(row) as object) })
  }
  // A number with a point is a double for whoever reads it, and a key keeps its case.
  expect(own[0]).toContain('"ratio":5.0,')
  expect(own[0]).toContain('"n":9223372036854775807,')
  expect(own[0]).toContain('"labels":{"Upper":"1","a.b":"2"}')
  const odd = JSON.parse('{"labels":{"__proto__":"x"}}') as Record<string, unknown>
  expect(write(record(9, odd), hour)).toContain('"labels":{"__proto__":"x"}')
})

test('built-in log types have rows of the columns that their tables declare', () => {
  const declared = tablesOf(schemas, [])
  for (const { name, fields } of schemas) {
    const row = JSON.parse(rowWriter(fields)(record(1, {}), hour)) as object
    const columns = new Set(['dt', ...declared[name]!.map((column) => column.name)])
    expect([name, Object.keys(row).filter((key) => !columns.has(key))]).toEqual([name, []])
  }
})

test('times that no calendar has are null', () => {
  const timeOf = (time: number) =>
    (JSON.parse(rowWriter({})({ ...record(0, {}), time }, hour)) as Record<string, string>)['streamalert_time']
  expect([0, -1, 8.64e15, 1e300, Number.NaN].map(timeOf)).toEqual([
    ...['1970-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z'],
    ...[null, undefined, undefined],
  ])
})
