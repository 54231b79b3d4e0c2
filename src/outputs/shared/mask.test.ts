import { expect, test } from 'vitest'
import type { Message, Output } from '../../core/contracts/index.ts'
import { messageOf, sampleAlert, sampleUpdate } from '../../testing/sample-alert.ts'
import pagerduty from '../pagerduty-v2.ts'
import webhook from '../webhook.ts'
import { maskedForPeople, maskMessage } from './mask.ts'

const data = { user: 'bob', password: 'hunter2', pin: 4711, keys: [{ secret: 'abc' }], line: 'login hunter2 ok' }
const alert = { ...sampleAlert, title: 'hunter2 was typed', record: { ...sampleAlert.record, data } }

test('sensitive values are hidden wherever they are said', () => {
  const message = messageOf(alert)
  const own = { '@slack.text': 'it was hunter2', password: 'mine', n: 4711 }
  const masked = maskMessage({ ...message, publication: { ...message.publication, ...own } }, [
    'password',
    'pin',
    'keys[].secret',
  ])
  expect(masked.publication).toMatchObject({
    title: '••• was typed',
    record: { user: 'bob', password: '•••', pin: '•••', keys: [{ secret: '•••' }], line: 'login ••• ok' },
    '@slack.text': 'it was •••',
    password: 'mine',
    n: '•••',
  })
  expect(masked.alert).toBe(alert)
})

test('so are those of other records that an update sums up', () => {
  const mergedFrom = { ...sampleUpdate.mergedFrom!, common: { password: 'x1' }, differences: { 'a.pin': ['y1', 'y2'] } }
  const { publication } = maskMessage(messageOf({ ...sampleUpdate, mergedFrom }), ['password', 'a.pin'])
  expect(publication).toMatchObject({
    mergedFrom: { count: 3, common: { password: '•••' }, differences: { 'a.pin': '•••' } },
  })
})

test('hostile keys and many values do no harm', () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, `value-${n}-${'x'.repeat(50)}`]))
  const hostile = JSON.parse('{"__proto__": {"password": "hunter2"}}') as object
  const record = { ...sampleAlert.record, data: { hostile, many } }
  const { publication } = maskMessage(messageOf({ ...sampleAlert, record }), ['many', '__proto__'])
  expect(publication.record).toEqual({ hostile, many: '•••' })
})

test('people do not get them, machines do', async () => {
  const sent: Message[] = []
  const output: Output = { send: async (message) => void sent.push(message) }
  const message = messageOf(alert)
  for (const kind of [pagerduty, webhook])
    await maskedForPeople(kind, output, (schema) => (schema === alert.schema ? ['password'] : [])).send(
      message,
      AbortSignal.timeout(1_000),
    )
  expect(sent[0]?.publication.record).toMatchObject({ password: '•••' })
  expect(sent[1]).toBe(message)
})
