import { expect, test } from 'vitest'
import { startHttp } from '../fixture.ts'

const token = { authorization: 'Splunk 0d6f4c1e' }
const start = (config = {}) => startHttp({ tokens: ['secret:HEC'], ...config }, { HEC: '0d6f4c1e' })

test('takes events, stacked and in lists, as texts and as objects', async () => {
  const { post, taken } = await start()
  const response = await post(
    '/services/collector/event',
    '{"event":"a line","host":"web1","time":1700000000}{"event":{"n":1,"big":12345678901234567890}}\n[{"event":"two\\nlines"}]',
    token,
  )
  expect([response.status, await response.json()]).toEqual([200, { text: 'Success', code: 0 }])
  await post('/services/collector', '{"event": "by the short path"}', token)
  await post('/services/collector/event/1.0', '{"event": "by the long path"}', token)
  await post('/services/collector/raw?sourcetype=app', 'raw one\nraw two', token)
  // The engine of this test knows lines only; ours is told that these two are one record.
  const expected = ['a line', '{"n":1,"big":"12345678901234567890"}', 'two', 'lines', 'by the short path']
  expect((await taken(8)).toSorted()).toEqual([...expected, 'by the long path', 'raw one', 'raw two'].toSorted())
})

test('with envelope, gives events with what stands around them', async () => {
  const { post, taken } = await start({ envelope: true })
  await post('/services/collector', '{"event":"a line","host":"web1"}', token)
  expect(await taken(1)).toEqual(['{"event":"a line","host":"web1"}'])
})

test('takes the original text out of what agents wrap', async () => {
  const { post, taken } = await start({ text: ['message'] })
  await post('/services/collector', '{"event":{"message":"a line","host":"web1"}}', token)
  expect(await taken(1)).toEqual(['a line'])
})

test('names the first event that is invalid, and takes the others', async () => {
  const { post, taken, counts } = await start()
  const answers = []
  for (const body of [
    '',
    '{"event":"one"}{"host":"a"}{"event":"two"}',
    '{"event":""}',
    '{"event":"three"}\n{"event":\n{"event":"four"}',
  ])
    answers.push(await (await post('/services/collector', body, token)).json())
  expect(answers).toEqual([
    { text: 'No data', code: 5 },
    { text: 'Event field is required', code: 12, 'invalid-event-number': 1 },
    { text: 'Event field cannot be blank', code: 13, 'invalid-event-number': 0 },
    { text: 'Invalid data format', code: 6, 'invalid-event-number': 1 },
  ])
  expect((await taken(4)).toSorted()).toEqual(['four', 'one', 'three', 'two'])
  expect(counts.get('refused')).toBe(3)
})

test('acknowledges what it gave an id for, on a channel', async () => {
  const { post } = await start()
  const channel = { ...token, 'x-splunk-request-channel': '8d9a1c5e-0000-4000-8000-000000000000' }
  const send = async (body: string) =>
    (await (await post('/services/collector', body, channel)).json()) as { ackId: number }
  const [one, two] = [await send('{"event":1}'), await send('{"event":2}')]
  expect(two.ackId).toBe(one.ackId + 1)
  const acks = await post(
    '/services/collector/ack',
    JSON.stringify({ acks: [one.ackId, two.ackId, two.ackId + 1] }),
    channel,
  )
  expect(await acks.json()).toEqual({ acks: { [one.ackId]: true, [two.ackId]: true, [two.ackId + 1]: false } })
  const without = await post('/services/collector/ack', '{"acks":[0]}', token)
  expect([without.status, await without.json()]).toEqual([400, { text: 'Data channel is missing', code: 10 }])
})

test('tells its health to everybody, and nobody else gets in without a token', async () => {
  const { url, post, counts } = await start()
  expect(await (await fetch(`${url}/services/collector/health`)).json()).toEqual({ text: 'HEC is healthy', code: 17 })
  const none = await post('/services/collector', '{"event":1}')
  expect([none.status, await none.json()]).toEqual([401, { text: 'Token is required', code: 2 }])
  const wrong = await post('/services/collector', '{"event":1}', { authorization: 'Splunk wrong' })
  expect([wrong.status, await wrong.json()]).toEqual([403, { text: 'Invalid token', code: 4 }])
  expect(
    (await post('/services/collector', '{"event":1}', { authorization: `Basic ${btoa('x:0d6f4c1e')}` })).status,
  ).toBe(200)
  expect(counts.get('refused')).toBe(2)
})
