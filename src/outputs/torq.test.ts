import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import torq from './torq.ts'

httpOutputContract({
  kind: torq,
  config: (url) => ({ url: `${url}/v1/webhooks/af6aab8d`, header: 'X-Torq-Auth', secret: 'secret:KEY' }),
  secrets: { KEY: 'a-torq-secret-nobody-knows' },
  request: (alert) => ({
    method: 'POST',
    path: '/v1/webhooks/af6aab8d',
    headers: {
      'x-torq-auth': 'a-torq-secret-nobody-knows',
      'content-type': 'application/json',
      'x-streamalert-alert': alert.id,
    },
    json: publish(alert),
  }),
  success: { status: 202 },
  largestBody: 1_000_000,
})

test('a secret that cannot be a header is not told; publishers may give the body', async () => {
  await using server = await startServer([{ status: 202 }])
  const { alert, publication } = messageOf(sampleAlert)
  const message = { alert, publication: { ...publication, '@torq.body': { a: 1 } } }
  const send = (secret: string) => {
    const host = createOutputHost({ secrets: { KEY: secret } })
    const output = torq.create(torq.config.parse({ url: server.url, secret: 'secret:KEY' }), host)
    return output.send(message, AbortSignal.timeout(10_000))
  }
  await send('plain')
  expect(server.requests[0]).toMatchObject({ body: '{"a":1}', headers: { authorization: 'plain' } })
  const error = await send('s3cr3t\nX: y').catch(String)
  expect(error).toMatch(/header Authorization/)
  expect(error).not.toContain('s3cr3t')
})
