import { createHmac, hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { http } from '../../sources/http/index.ts'
import { code, common, inThisThread, line, project, startAws, within } from './fixture.ts'
import type { HttpResponse } from './http-response.ts'
import { createIngestHandler } from './ingest.ts'
import { createRequests } from './requests.ts'
import { openStore, placeOf } from './surroundings.ts'

const aws = await startAws()
afterAll(() => aws.close())

test('senders that IAM does not know are let in by token or signature, nobody else; what a sender names is taken once', async () => {
  const around = await aws.surroundings()
  const options = http.config.parse({
    tokens: [`sha256:${hash('sha256', 'token')}`],
    signatures: [{ scheme: 'github', key: 'secret:GITHUB' }],
    envelope: false,
  })
  const sources = [...project.sources, { name: 'http:hooks', kind: 'http', cluster: 'prod', options }]
  const secrets = { get: async (name: string) => `key of ${name}`, advice: () => '' }
  const serve: typeof createRequests = (source, given, host) => createRequests(source, given, { ...host, secrets })
  const handler = createIngestHandler(
    {
      ...project,
      sources,
      evaluation: inThisThread({ ...code, sources }),
      requests: { sources: { prod: 'http:hooks' }, serve },
    },
    around,
  )
  let requests = 0
  const post = async (headers: Record<string, string>, body: string | Buffer, path = '/', to = handler) => {
    const event = {
      ...{
        rawPath: path,
        rawQueryString: '',
        headers,
        body: Buffer.from(body).toString('base64'),
        isBase64Encoded: true,
      },
      requestContext: {
        http: { method: 'POST' },
        requestId: `r${++requests}`,
        timeEpoch: around.now(),
        authorizer: null,
      },
    }
    const { statusCode } = (await to(event, within(300_000))) as HttpResponse
    return statusCode
  }
  expect(await post({}, line(1))).toBe(401)
  expect(await post({ authorization: 'Bearer wrong' }, line(1))).toBe(401)
  expect(await post({ authorization: 'Bearer token', 'content-encoding': 'gzip' }, gzipSync(line(1)))).toBe(200)
  expect(
    await post({ authorization: 'Splunk token' }, `{"event":${line(3).trim()}}`, '/services/collector/event'),
  ).toBe(200)

  const signed = (body: string, key: string) => ({
    ...{ 'x-github-event': 'push', 'x-github-delivery': '72d3162e', 'content-type': 'application/json' },
    'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
  })
  expect(await post(signed(line(5), 'key of GITHUB'), line(5))).toBe(202)
  expect(await post(signed(line(5), 'key of GITHUB'), line(5))).toBe(202)
  expect(await post(signed(line(7), 'another key'), line(7))).toBe(401)

  const trusting = sources.map((one) => (one.kind === 'http' ? { ...one, options: http.config.parse({}) } : one))
  const open = createIngestHandler(
    { ...project, sources: trusting, requests: { sources: { prod: 'http:hooks' }, serve } },
    around,
  )
  expect(await post({}, line(9), '/', open)).toBe(404)

  const store = openStore(placeOf(around), common, around)
  const odd = (await store.alertsAfter(0, 100)).alerts.filter(({ rule }) => rule === 'odd')
  expect(odd.map(({ record }) => `${record.source} ${Number(record.data['n'])}`).toSorted()).toEqual([
    'http:hooks 1',
    'http:hooks 3',
    'http:hooks 5',
  ])
  expect(await store.counts('refused')).toMatchObject([{ labels: { source: 'http:hooks' }, n: 4 }])
})
