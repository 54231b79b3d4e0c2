import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { type Answer, startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import elasticsearch from './elasticsearch.ts'

httpOutputContract({
  kind: elasticsearch,
  config: (url) => ({ url, index: 'alerts', apiKey: 'secret:KEY' }),
  secrets: { KEY: 'VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6' },
  request: (alert) => ({
    method: 'PUT',
    path: `/alerts/_create/${alert.id}`,
    headers: { authorization: 'ApiKey VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6', 'content-type': 'application/json' },
    json: { '@timestamp': '2026-02-03T10:02:12.000Z', ...publish(alert) },
  }),
  success: { status: 201, body: '{"result":"created"}' },
})

const refusal = (status: number, type: string): Answer => ({
  status,
  body: JSON.stringify({ error: { type }, status }),
})

/** Sends the sample alert, or another publication of it, to a server that answers so. */
async function send(answers: readonly Answer[], { config = {}, publication = {} } = {}) {
  await using server = await startServer(answers)
  const parsed = elasticsearch.config.parse({ url: `${server.url}/es/`, index: 'alerts', ...config })
  const host = createOutputHost({ secrets: { PASSWORD: 'a-password-nobody-knows' } })
  const message = messageOf(sampleAlert)
  await elasticsearch
    .create(parsed, host)
    .send({ ...message, publication: { ...message.publication, ...publication } }, AbortSignal.timeout(10_000))
  return server.requests
}

test('a document that is there already is a success', async () => {
  expect(await send([refusal(409, 'version_conflict_engine_exception')])).toHaveLength(1)
})

test('a record that the index has no place for is stored as text', async () => {
  const requests = await send([refusal(400, 'document_parsing_exception'), { status: 201 }])
  expect(requests.map(({ path }) => path)).toEqual(Array(2).fill(`/es/alerts/_create/${sampleAlert.id}`))
  expect(JSON.parse(requests[1]?.body ?? '')).toEqual({
    '@timestamp': '2026-02-03T10:02:12.000Z',
    id: sampleAlert.id,
    rule: 'sudo-in-pci',
    severity: 'high',
    title: 'sudo on web-3.pci',
    cluster: 'pci',
    source: 'file:osquery',
    schema: 'osquery:differential',
    message: JSON.stringify(publish(sampleAlert)),
  })
  expect(
    await send([refusal(400, 'illegal_argument_exception'), refusal(409, 'version_conflict_engine_exception')]),
  ).toHaveLength(2)
  await expect(send([refusal(400, 'illegal_argument_exception')])).rejects.toMatchObject({ code: 'OUTPUT_REJECTED' })
})

test('a user instead of a key, a document of a publisher, no more than fits', async () => {
  const config = { username: 'streamalert', password: 'secret:PASSWORD' }
  const publication = { '@elasticsearch.document': { long: 'x'.repeat(10_000_001) } }
  const [request] = await send([{ status: 201 }], { config, publication })
  expect(request?.headers.authorization).toBe(`Basic ${btoa('streamalert:a-password-nobody-knows')}`)
  const document = JSON.parse(request?.body ?? '') as Record<string, string>
  expect(Object.keys(document)).toEqual(['@timestamp', 'long', 'streamalert_cut'])
})

test.each([
  [{ index: 'Alerts' }],
  [{ index: '_all' }],
  [{ index: 'a/b' }],
  [{ username: 'x' }],
  [{ password: 'x' }],
  [{ apiKey: 'k', username: 'x', password: 'y' }],
])('%j is refused', (config) => {
  expect(elasticsearch.config.safeParse({ url: 'https://es.example.com', index: 'alerts', ...config }).success).toBe(
    false,
  )
})
