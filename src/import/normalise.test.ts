import { expect, test } from 'vitest'
import { imports, schemasOf } from './fixture.ts'

const event = { kind: 'string', actor: { name: 'string', ip: 'string' }, extra: {} }
const normalised = (normalization: object, more: object = {}) => {
  const { schemas, notes, problems } = schemasOf({
    'a:b': { parser: 'json', schema: event, configuration: { normalization, ...more } },
  })
  return { normalise: schemas[0]?.normalise, notes, problems }
}

test('a path, several with their functions, one into the envelope', () => {
  const found = normalised(
    {
      user: ['actor', 'name'],
      any: [
        { path: ['extra', 'x.y'], function: 'Whatever' },
        { path: ['kind'], function: 'Kind', send_to_artifacts: false },
      ],
      site: [{ path: ['streamalert:envelope_keys', 'site'], function: 'Site' }],
    },
    { json_path: 'e', envelope_keys: { site: 'string' } },
  )
  expect(found.normalise).toEqual({
    user: [{ path: 'actor.name' }],
    any: [{ path: "extra['x.y']" }, { path: 'kind' }],
    site: [{ path: 'envelope.site' }],
  })
  expect(found.notes).toEqual([])
})

test.each([
  [{ is: 'user' }, { is: 'user' }],
  [{ is_not: 'user' }, { not: 'user' }],
  [{ in: ['user', 'root'] }, { is: ['user', 'root'] }],
  [{ not_in: ['user'] }, { not: ['user'] }],
  [{ contains: 'use' }, { contains: 'use' }],
  [{ not_contains: 'use' }, { notContains: 'use' }],
])('condition %j', (condition, when) => {
  const { normalise, notes } = normalised({
    user: [{ path: ['actor', 'name'], function: 'Who', condition: { path: ['kind'], ...condition } }],
  })
  expect(normalise).toEqual({ user: [{ path: 'actor.name', when: { path: 'kind', ...when } }] })
  expect(notes).toEqual([])
})

test('conditions that compared more than one thing, nothing, or in upper case', () => {
  const of = (condition: object) =>
    normalised({ user: [{ path: ['kind'], function: 'Who', condition: { path: ['kind'], ...condition } }] })
  const two = of({ contains: 'x', is: 'y' })
  expect(two.normalise!['user']![0]!.when).toEqual({ path: 'kind', is: 'y' })
  expect(two.notes).toEqual([expect.stringContaining('only `is` counted; left out contains')])
  expect(of({}).notes).toEqual([expect.stringContaining('compares nothing')])
  expect(of({ is: 'User' }).notes).toEqual([expect.stringContaining('upper case')])
})

test('a path that leads to no field is left out; a mixture of forms is a fault', () => {
  expect(normalised({ user: ['actor', 'nmae'] })).toMatchObject({
    normalise: {},
    notes: ['normalization: `user` named `actor.nmae`, which is no field; left out'],
  })
  expect(normalised({ user: ['actor', { path: ['kind'] }] }).problems).toEqual([expect.stringContaining('a:b')])
})

test('the first normalisation finds keys at any depth, under our names; the second one wins', () => {
  const { files } = imports({
    'conf/normalized_types.json': {
      a: { sourceAddress: ['ip'], userName: ['name'], fileSize: ['size'], processName: ['kind'] },
    },
    'conf/schemas/a.json': {
      'a:b': { parser: 'json', schema: event, configuration: { normalization: { user: ['kind'] } } },
    },
  })
  const text = files.get('schemas/a.ts')!
  expect(text).toContain("normalise: { source_ip: 'actor.ip', user: 'kind', process: 'kind' }")
})
