import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import datadog from './datadog.ts'

httpOutputContract({
  kind: datadog,
  config: (url) => ({ url, apiKey: 'secret:KEY', hostname: 'siem-1', tags: ['env:prod'] }),
  secrets: { KEY: '0123456789abcdef-datadog-api-key' },
  request: (alert) => ({
    method: 'POST',
    path: '/api/v2/logs',
    headers: { 'dd-api-key': '0123456789abcdef-datadog-api-key', 'content-type': 'application/json' },
    json: [
      {
        ddsource: 'streamalert',
        ddtags: 'rule:sudo-in-pci,severity:high,cluster:pci,env:prod',
        service: 'streamalert',
        hostname: 'siem-1',
        status: 'error',
        timestamp: '2026-02-03T10:02:12.000Z',
        message: 'sudo on web-3.pci\nSomeone used sudo on a host of the PCI environment.',
        streamalert: publish(alert),
      },
    ],
  }),
  success: { status: 202, body: '{}' },
  largestBody: 1_000_000,
})

test('publishers give message, tags and attributes; a tag cannot become two', async () => {
  await using server = await startServer([{ status: 202 }])
  const output = datadog.create(datadog.config.parse({ url: server.url, apiKey: 'k' }), createOutputHost())
  const { alert, publication } = messageOf({ ...sampleAlert, rule: 'a,b c' })
  const words = { '@datadog.message': 'Look', '@datadog.tags': ['team:ä', 7], '@datadog.attributes': { id: alert.id } }
  await output.send({ alert, publication: { ...publication, ...words } }, AbortSignal.timeout(10_000))
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject([
    { ddtags: 'rule:a_b_c,severity:high,cluster:pci,team:ä', message: 'Look', streamalert: { id: alert.id } },
  ])
})

test.each(['https://datadoghq.com', 'evil.com/path', 'datadog'])('%j is no site', (site) => {
  expect(datadog.config.safeParse({ apiKey: 'k', site }).success).toBe(false)
})
