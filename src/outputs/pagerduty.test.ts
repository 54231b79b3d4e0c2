import { expect, test } from 'vitest'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../testing/sample-alert.ts'
import pagerduty from './pagerduty.ts'

const path = '/generic/2010-04-15/create_event.json'
const event = (details: object) => ({
  service_key: 's3rv1c3-k3y-0123456789abcdef',
  event_type: 'trigger',
  incident_key: sampleAlert.id,
  description: 'sudo on web-3.pci',
  details: {
    description: 'Someone used sudo on a host of the PCI environment.',
    ...details,
    record: sampleAlert.record.data,
  },
  client: 'StreamAlert',
})

httpOutputContract({
  kind: pagerduty,
  config: (url) => ({ serviceKey: 'secret:KEY', events: url }),
  secrets: { KEY: 's3rv1c3-k3y-0123456789abcdef' },
  request: () => ({ method: 'POST', path, headers: { 'content-type': 'application/json' }, json: event({}) }),
  success: { status: 200, body: '{"status":"success","message":"Event processed"}' },
  update: { requests: [{ method: 'POST', path, json: event({ changes: sampleChanges }) }] },
  refusals: [400, 401, 404],
  largestBody: 512 * 1024,
})

async function send(status: number, own: object = {}) {
  await using server = await startServer([{ status }])
  const output = pagerduty.create(pagerduty.config.parse({ serviceKey: 'k', events: server.url }), createOutputHost())
  const message = messageOf(sampleAlert)
  const publication = { ...message.publication, ...own }
  const sent = output.send({ ...message, publication }, AbortSignal.timeout(10_000))
  return { error: await sent.catch((error: unknown) => error), body: JSON.parse(server.requests[0]!.body) as unknown }
}

test('403 means too many requests', async () => {
  expect((await send(403)).error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
})

test('publishers say what the event says', async () => {
  const own = {
    '@pagerduty.description': 'Look here',
    '@pagerduty.details': { why: 'because' },
    '@pagerduty.client_url': 'https://example.com',
    '@pagerduty.contexts': [{ type: 'link', href: 'https://example.com' }],
  }
  expect((await send(200, own)).body).toMatchObject({
    description: 'Look here',
    details: { why: 'because' },
    client_url: 'https://example.com',
    contexts: [{ type: 'link', href: 'https://example.com' }],
  })
})
