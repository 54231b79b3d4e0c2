import { expect, test } from 'vitest'
import { createSecretHost } from '../testing/secret-host.ts'
import environment from './environment.ts'

const env = { STREAMALERT_SECRET_ON_CALL: 'abc', STREAMALERT_SECRET_EMPTY: '', SLACK_TOKEN: 'xoxb' }
const create = (config: unknown) =>
  environment.create(environment.config.parse(config), createSecretHost('/nowhere', { env }))

test('a secret is a variable of its name; an empty one is none', async () => {
  const { get, local } = create({})
  expect(await Promise.all(['on-call', 'ON_CALL', 'on/call', 'empty', 'other'].map(get))).toEqual([
    'abc',
    'abc',
    'abc',
    undefined,
    undefined,
  ])
  expect(await local?.list()).toEqual([{ name: 'ON_CALL' }])
  expect([await local?.has('on-call'), await local?.has('empty')]).toEqual([true, false])
})

test('without a prefix, any variable may be one, and none is listed', async () => {
  const { get, local } = create({ prefix: '' })
  expect(await get('slack-token')).toBe('xoxb')
  expect(await local?.list()).toEqual([])
})
