import { expect, test } from 'vitest'
import { type Field, list, map, maybe, optional } from '../../core/fields/spec.ts'
import type { CodedError } from '../../core/errors.ts'
import type { Schema } from '../../core/contracts/index.ts'
import { schemas } from '../../../schemas/index.ts'
import { columnName, recordColumns, tablesOf, typeOf } from './tables.ts'

test.each<[Field, string]>([
  ['string', 'string'],
  ['integer?', 'bigint'],
  ['float', 'double'],
  ['boolean?', 'boolean'],
  ['timestamp', 'string'],
  ['ip?', 'string'],
  ['json', 'string'],
  [list('integer'), 'array<bigint>'],
  [maybe(map(list('float'))), 'map<string,array<double>>'],
  [{ userName: 'string', mfa: optional({ on: 'boolean' }) }, 'struct<username:string,mfa:struct<on:boolean>>'],
  [{}, 'string'],
  [{ 'a-b': 'string' }, 'string'],
  [{ A: 'string', a: 'string' }, 'string'],
  [
    { a: { b: { c: { d: { e: { f: { g: { h: { i: 'integer' } } } } } } } } },
    'struct<a:struct<b:struct<c:struct<d:struct<e:struct<f:struct<g:struct<h:string>>>>>>>>',
  ],
])('%j is %s', (field, type) => {
  expect(typeOf(field)).toBe(type)
})

test.each([
  ['eventName', 'eventname'],
  ['@timestamp', '_timestamp'],
  ['cluster', 'cluster_'],
  ['DT', 'dt_'],
])('the field %s is the column %s', (field, column) => {
  expect(columnName(field)).toBe(column)
})

const schema = (name: string, fields: Schema['fields']): Schema => ({ ...schemas[0]!, name, fields })

test('names that come out the same: one column, and two tables are a fault', () => {
  const problems: CodedError[] = []
  const tables = tablesOf(
    [schema('a:b', { X: 'string', x: 'integer', streamalert_id: 'float' }), schema('a_b', {})],
    problems,
  )
  expect(tables['a:b']).toEqual([...recordColumns, { name: 'x', type: 'string' }])
  expect(problems).toMatchObject([{ code: 'SCHEMA_INVALID', message: expect.stringContaining('a_b') }])
})

test('every built-in log type has a table of its own', () => {
  const problems: CodedError[] = []
  const tables = Object.values(tablesOf(schemas, problems))
  expect(problems).toEqual([])
  for (const columns of tables) expect(columns.length).toBe(new Set(columns.map(({ name }) => name)).size)
})
