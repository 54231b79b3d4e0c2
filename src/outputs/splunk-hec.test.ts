import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import splunk from './splunk-hec.ts'

httpOutputContract({
  kind: splunk,
  config: (url) => ({ url: `${url}/`, token: 'secret:TOKEN', index: 'alerts', host: 'siem-1' }),
  secrets: { TOKEN: '7f4b9c7e-0d1a-4a63-9d0e-secret-token' },
  request: (alert) => ({
    method: 'POST',
    path: '/services/collector/event',
    headers: {
      authorization: 'Splunk 7f4b9c7e-0d1a-4a63-9d0e-secret-token',
      'content-type': 'application/json',
      'x-splunk-request-channel': expect.stringMatching(
        /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/,
      ) as string,
    },
    json: {
      time: 1_770_112_932,
      source: 'streamalert',
      sourcetype: 'streamalert:alert',
      host: 'siem-1',
      index: 'alerts',
      event: publish(alert),
      fields: { alert: alert.id, rule: 'sudo-in-pci', severity: 'high' },
    },
  }),
  success: { status: 200, body: '{"text":"Success","code":0}' },
  largestBody: 1_000_000,
})

test('publishers may give the event', async () => {
  await using server = await startServer([{ status: 200 }])
  const output = splunk.create(splunk.config.parse({ url: server.url, token: 't' }), createOutputHost())
  const { alert, publication } = messageOf(sampleAlert)
  for (const event of ['words', { a: 1 }, [1]])
    await output.send(
      { alert, publication: { ...publication, '@splunk-hec.event': event } },
      AbortSignal.timeout(10_000),
    )
  const events = server.requests.map(({ body }) => (JSON.parse(body) as { event: unknown }).event)
  expect(events).toEqual([{ message: 'words' }, { a: 1 }, { value: [1] }])
})
