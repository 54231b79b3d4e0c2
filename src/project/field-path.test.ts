import { expect, test } from 'vitest'
import { list, map, nullable, optional } from '../core/fields/spec.ts'
import { checkPath } from './field-path.ts'

const fields = {
  name: 'string',
  user: optional({ arn: 'string?', 'dotted.name': 'ip' }),
  columns: map('string'),
  raw: 'json?',
  items: optional(list(nullable({ id: 'integer' }))),
} as const

test.each([
  'name',
  'user.arn',
  "user['dotted.name']",
  'columns.anything',
  'raw.a.b.c',
  'items.id',
  'items[].id',
  'items[0].id',
])('%s is there', (path) => {
  expect(checkPath(fields, path)).toEqual({ ok: true })
})

test.each([
  ['nmae', 'name'],
  ['user.anr', 'user.arn'],
  ['items[].di', 'items.id'],
  ['name.first', undefined],
  ['columns.a.b', undefined],
  ['constructor', undefined],
  ['', undefined],
])('%s is not; perhaps %s', (path, meant) => {
  expect(checkPath(fields, path)).toEqual(meant === undefined ? { ok: false } : { ok: false, meant })
})
