import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startHttp } from '../fixture.ts'

const firehose = (id: string, key = 'access-key') => ({
  'content-type': 'application/json',
  'x-amz-firehose-protocol-version': '1.0',
  'x-amz-firehose-request-id': id,
  'x-amz-firehose-access-key': key,
})
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')

test('Firehose: takes each record, compressed ones too, and answers in its form', async () => {
  const { post, taken, counts } = await startHttp({ tokens: ['secret:FIREHOSE'] }, { FIREHOSE: 'access-key' })
  const records = ['{"n":1}', 'x\ny\n', gzipSync('from CloudWatch Logs')].map((data) => ({ data: base64(data) }))
  const body = JSON.stringify({ requestId: 'r1', timestamp: 1, records })
  for (let time = 0; time < 2; time++) {
    const response = await post('/anywhere', gzipSync(body), { ...firehose('r1'), 'content-encoding': 'gzip' })
    expect([response.status, await response.json()]).toEqual([200, { requestId: 'r1', timestamp: expect.any(Number) }])
  }
  expect((await taken(4)).toSorted()).toEqual(['from CloudWatch Logs', 'x', 'y', '{"n":1}'])
  expect(counts.get('repeated')).toBe(3)

  const wrong = await post('/', body, firehose('r2', 'other'))
  expect([wrong.status, await wrong.json()]).toEqual([
    401,
    { requestId: 'r2', timestamp: expect.any(Number), errorMessage: 'The token is not valid.' },
  ])
  expect((await post('/', '{"records":[{"data":1}]}', firehose('r3'))).status).toBe(400)
  expect((await post('/', '{"records":[{"data":"!!!!"}]}', firehose('r4'))).status).toBe(400)
})

test('GitHub: answers a ping, takes a delivery once, and refuses a wrong signature', async () => {
  const { post, taken, counts } = await startHttp(
    { signatures: [{ scheme: 'github', key: 'secret:HOOK' }] },
    { HOOK: 'shared' },
  )
  const send = (event: string, body: string, key = 'shared', type = 'application/json') =>
    post('/', body, {
      'content-type': type,
      'x-github-event': event,
      'x-github-delivery': 'd1',
      'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
    })
  expect(await (await send('ping', '{"zen":"…"}')).json()).toEqual({ message: 'pong' })
  expect((await send('push', '{"ref":"main"}')).status).toBe(202)
  expect((await send('push', '{"ref":"main"}')).status).toBe(202)
  expect((await send('push', '{"ref":"evil"}', 'guessed')).status).toBe(401)
  expect((await send('push', 'not JSON')).status).toBe(400)
  expect(await taken(1)).toEqual(['{"ref":"main"}'])
  expect([counts.get('repeated'), counts.get('refused')]).toEqual([1, 2])
})

test('GitHub: takes forms, and says the event with envelope', async () => {
  const { post, taken } = await startHttp({ envelope: true })
  const headers = { 'x-github-event': 'push', 'x-github-delivery': 'd2' }
  const body = `payload=${encodeURIComponent('{"ref":"a b"}')}`
  await post('/', body, { ...headers, 'content-type': 'application/x-www-form-urlencoded' })
  expect(await taken(1)).toEqual(['{"event":"push","delivery":"d2","payload":{"ref":"a b"}}'])
})
