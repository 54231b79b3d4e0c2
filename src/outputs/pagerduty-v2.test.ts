import { expect, test } from 'vitest'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../testing/sample-alert.ts'
import pagerduty from './pagerduty-v2.ts'

const event = (details: object) => ({
  routing_key: 'r0ut1ng-k3y-0123456789abcdef',
  event_action: 'trigger',
  dedup_key: sampleAlert.id,
  client: 'StreamAlert',
  payload: {
    summary: 'sudo on web-3.pci',
    source: 'file:osquery',
    severity: 'error',
    timestamp: '2026-02-03T10:02:11.000Z',
    group: 'pci',
    class: 'sudo-in-pci',
    custom_details: {
      description: 'Someone used sudo on a host of the PCI environment.',
      ...details,
      record: sampleAlert.record.data,
    },
  },
})

httpOutputContract({
  kind: pagerduty,
  config: (url) => ({ routingKey: 'secret:KEY', events: url }),
  secrets: { KEY: 'r0ut1ng-k3y-0123456789abcdef' },
  request: () => ({
    method: 'POST',
    path: '/v2/enqueue',
    headers: { 'content-type': 'application/json' },
    json: event({}),
  }),
  success: { status: 202, body: `{"status":"success","message":"Event processed","dedup_key":"${sampleAlert.id}"}` },
  update: { requests: [{ method: 'POST', path: '/v2/enqueue', json: event({ changes: sampleChanges }) }] },
  largestBody: 512 * 1024,
})

test('publishers say what the event says; what PagerDuty does not know stays ours', async () => {
  await using server = await startServer([{ status: 202 }])
  const output = pagerduty.create(pagerduty.config.parse({ routingKey: 'k', events: server.url }), createOutputHost())
  const message = messageOf(sampleAlert)
  const own = {
    '@pagerduty-v2.summary': 'Look here',
    '@pagerduty-v2.custom_details': { why: 'because' },
    '@pagerduty-v2.severity': 'catastrophic',
    '@pagerduty-v2.client_url': 'https://example.com',
    '@pagerduty-v2.images': [{ src: 'https://example.com/a.png' }],
    '@pagerduty-v2.links': [{ href: 'https://example.com' }],
    '@pagerduty-v2.component': 'web',
    '@pagerduty-v2.group': 'g',
    '@pagerduty-v2.class': 'c',
  }
  await output.send({ ...message, publication: { ...message.publication, ...own } }, AbortSignal.timeout(10_000))
  expect(JSON.parse(server.requests[0]!.body)).toMatchObject({
    client_url: 'https://example.com',
    payload: {
      summary: 'Look here',
      severity: 'error',
      component: 'web',
      group: 'g',
      class: 'c',
      custom_details: { why: 'because' },
    },
    images: [{ src: 'https://example.com/a.png' }],
    links: [{ href: 'https://example.com' }],
  })
})
