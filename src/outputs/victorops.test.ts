import { expect, test } from 'vitest'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../testing/sample-alert.ts'
import victorops from './victorops.ts'

const path = '/alert/v1ct0r-k3y-0123456789abc/security'
const incident = {
  message_type: 'CRITICAL',
  entity_id: sampleAlert.id,
  entity_display_name: 'sudo on web-3.pci',
  state_message: sampleAlert.description,
  state_start_time: 1_770_112_931,
  monitoring_tool: 'StreamAlert',
  rule: 'sudo-in-pci',
  severity: 'high',
  record: sampleAlert.record.data,
}

httpOutputContract({
  kind: victorops,
  config: (url) => ({ apiKey: 'secret:KEY', routingKey: 'security', url: `${url}/alert` }),
  secrets: { KEY: 'v1ct0r-k3y-0123456789abc' },
  request: () => ({ method: 'POST', path, headers: { 'content-type': 'application/json' }, json: incident }),
  success: { status: 200, body: `{"result":"success","entity_id":"${sampleAlert.id}"}` },
  update: { requests: [{ method: 'POST', path, json: { ...incident, changes: sampleChanges } }] },
  largestBody: 130_000,
})

async function send(body: string, own: object = {}) {
  await using server = await startServer([{ status: 200, body }])
  const config = victorops.config.parse({ apiKey: 'v1ct0r-k3y', routingKey: 'r', url: server.url })
  const message = messageOf(sampleAlert)
  const sent = victorops
    .create(config, createOutputHost())
    .send({ ...message, publication: { ...message.publication, ...own } }, AbortSignal.timeout(10_000))
  return { error: await sent.catch((error: unknown) => error), body: JSON.parse(server.requests[0]!.body) as unknown }
}

test('a failure of status 200 is an error', async () => {
  const { error } = await send('{"result":"failure","messages":"routing key is unknown"}')
  expect(error).toMatchObject({
    code: 'OUTPUT_REJECTED',
    message: 'Splunk On-Call refuses the alert: routing key is unknown',
  })
})

test('publishers say what the incident says', async () => {
  const own = {
    '@victorops.message_type': 'INFO',
    '@victorops.entity_display_name': 'Look here',
    '@victorops.state_message': 'because',
  }
  const { body } = await send('{}', own)
  expect(body).toMatchObject({ message_type: 'INFO', entity_display_name: 'Look here', state_message: 'because' })
})
