import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import tines from './tines.ts'

httpOutputContract({
  kind: tines,
  config: (url) => ({ url: `${url}/webhook/alerts`, secret: 'secret:KEY' }),
  secrets: { KEY: 'c9e648cdf08204c3aa9784fe2efa2e61' },
  request: (alert) => ({
    method: 'POST',
    path: '/webhook/alerts',
    headers: {
      authorization: 'Bearer c9e648cdf08204c3aa9784fe2efa2e61',
      'content-type': 'application/json',
      'x-streamalert-alert': alert.id,
    },
    json: publish(alert),
  }),
  success: { status: 201, body: 'Ok' },
  largestBody: 1_000_000,
})

test('an address with the secret in it is not told; publishers may give the body', async () => {
  await using server = await startServer([
    { status: 201 },
    { status: 404, body: 'no c9e648cdf08204c3aa9784fe2efa2e61' },
  ])
  const host = createOutputHost({ secrets: { HOOK: `${server.url}/webhook/alerts/c9e648cdf08204c3aa9784fe2efa2e61` } })
  const output = tines.create(tines.config.parse({ url: 'secret:HOOK' }), host)
  const { alert, publication } = messageOf(sampleAlert)
  const signal = AbortSignal.timeout(10_000)
  await output.send({ alert, publication: { ...publication, '@tines.body': { a: 1 } } }, signal)
  expect(server.requests[0]).toMatchObject({
    path: '/webhook/alerts/c9e648cdf08204c3aa9784fe2efa2e61',
    body: '{"a":1}',
  })
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
  const error = await output.send(messageOf(sampleAlert), signal).catch(String)
  expect(error).toContain('404')
  expect(error).not.toContain('c9e648')
})
