import { expect, test } from 'vitest'
import { startHttp } from '../../fixture.ts'
import { loadMessages } from './messages.ts'

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }

const record = {
  timeUnixNano: '1700000000123456789',
  severityText: 'INFO',
  body: { stringValue: 'a line' },
  attributes: [{ key: 'user', value: { stringValue: 'eve' } }],
  traceId: '5b8efff798038103d269b633813fc60c',
}
const request = (...logRecords: unknown[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'host.name', value: { stringValue: 'web1' } }] },
      scopeLogs: [{ scope: { name: 'app' }, logRecords }],
    },
  ],
})

test('takes the bodies of log records, in JSON', async () => {
  const { post, taken, counts } = await startHttp()
  const object = {
    kvlistValue: {
      values: [
        { key: '__proto__', value: { intValue: '5' } },
        { key: 'big', value: { intValue: '1234567890123456789' } },
        { key: 'list', value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 1.5 }, {}] } } },
      ],
    },
  }
  const only = { attributes: record.attributes }
  const response = await post('/v1/logs', JSON.stringify(request(record, { body: object }, only, 7)), json)
  expect([response.status, await response.json()]).toEqual([
    200,
    { partialSuccess: { rejectedLogRecords: 1, errorMessage: 'These are no log records.' } },
  ])
  expect(counts.get('refused')).toBe(1)
  const [, object1, whole] = (await taken(3)).toSorted((a, b) => a.length - b.length)
  expect(object1).toBe('{"__proto__":5,"big":"1234567890123456789","list":[true,1.5,null]}')
  expect(JSON.parse(whole!)).toMatchObject({ attributes: { user: 'eve' }, resource: { 'host.name': 'web1' } })
})

/** Written by hand from the definition of the messages: one record with the body "hi". */
const byHand = Uint8Array.from([0x0a, 0x0a, 0x12, 0x08, 0x12, 0x06, 0x2a, 0x04, 0x0a, 0x02, 0x68, 0x69])

test('takes protobuf, and answers in it', async () => {
  const { post, taken } = await startHttp()
  const response = await post('/v1/logs', byHand, protobuf)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-protobuf'])
  expect((await response.arrayBuffer()).byteLength).toBe(0)
  expect(await taken(1)).toEqual(['hi'])
  const broken = await post('/v1/logs', byHand.subarray(0, 9), protobuf)
  const status = (await loadMessages())('Status').decode(new Uint8Array(await broken.arrayBuffer()))
  expect([broken.status, status.toJSON()]).toMatchObject([400, { code: 3, message: expect.stringMatching(/OTLP/) }])
})

test('gives the same for the same in both forms, with all that stands around it', async () => {
  const { post, taken } = await startHttp({ envelope: true, repeats: { body: false } })
  const type = (await loadMessages())('ExportLogsServiceRequest')
  await post('/v1/logs', JSON.stringify(request(record)), json)
  const traceId = Buffer.from(record.traceId, 'hex')
  await post(
    '/v1/logs',
    Uint8Array.from(type.encode(type.fromObject(request({ ...record, traceId }))).finish()),
    protobuf,
  )
  const [one, two] = (await taken(2)).map((text) => JSON.parse(text) as unknown)
  expect(one).toEqual({
    time: '2023-11-14T22:13:20.123Z',
    severityText: 'INFO',
    body: 'a line',
    attributes: { user: 'eve' },
    resource: { 'host.name': 'web1' },
    scope: { name: 'app', attributes: {} },
    traceId: record.traceId,
  })
  expect(two).toEqual(one)
})

const nested = (levels: number): number[] =>
  Array.from({ length: levels }, () => [0x2a, 0xff, 0x7f, 0x0a, 0xff, 0x7f]).flat()

test('refuses what is nothing of it, without harm', async () => {
  const { post, url } = await startHttp({ tokens: ['secret:OTLP'] }, { OTLP: 'key' })
  const bearer = { authorization: 'Bearer key' }
  // A list in a list, and so on, as the body of a record; the lengths of all are wrong, as far as anyone reads.
  const deep = Uint8Array.from([0x0a, 0xff, 0x7f, 0x12, 0xff, 0x7f, 0x12, 0xff, 0x7f, 0x2a, ...nested(4_000)])
  const statuses = [
    (await post('/v1/logs', byHand, { ...bearer, 'content-type': 'text/plain' })).status,
    (await post('/v1/logs', 'null', { ...bearer, ...json })).status,
    (await post('/v1/logs', '{"resourceLogs": {"length": 5}}', { ...bearer, ...json })).status,
    (await post('/v1/logs', deep, { ...bearer, ...protobuf })).status,
    (await post('/v1/logs', byHand, protobuf)).status,
    (await fetch(`${url}/v1/traces`, { method: 'GET', headers: bearer })).status,
  ]
  expect(statuses).toEqual([415, 400, 400, 400, 401, 405])
})
