import { expect, test } from 'vitest'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import opsgenie from './opsgenie.ts'

const { records: _, ...changes } = sampleUpdate.mergedFrom!
const headers = { authorization: 'GenieKey g3n13-k3y-0123456789', 'content-type': 'application/json' }

httpOutputContract({
  kind: opsgenie,
  config: (url) => ({ apiKey: 'secret:KEY', api: url }),
  secrets: { KEY: 'g3n13-k3y-0123456789' },
  request: () => ({
    method: 'POST',
    path: '/v2/alerts',
    headers,
    json: {
      message: 'sudo on web-3.pci',
      alias: sampleAlert.id,
      description: `${sampleAlert.description}\n\n${JSON.stringify(sampleAlert.record.data, null, 2)}`,
      priority: 'P2',
      source: 'StreamAlert',
      tags: ['streamalert', 'sudo-in-pci'],
      details: {
        Rule: 'sudo-in-pci',
        Severity: 'high',
        Cluster: 'pci',
        Source: 'file:osquery',
        Schema: 'osquery:differential',
        Time: '2026-02-03T10:02:11.000Z',
        Alert: sampleAlert.id,
      },
    },
  }),
  success: { status: 202, body: '{"result":"Request will be processed","took":0.1,"requestId":"r1"}' },
  receipt: sampleAlert.id,
  update: {
    requests: [
      {
        method: 'POST',
        path: `/v2/alerts/${sampleAlert.id}/notes?identifierType=alias`,
        headers,
        json: { note: JSON.stringify(changes, null, 2), source: 'StreamAlert' },
      },
    ],
  },
  largestBody: 60_000,
})

test('publishers say what the alert says', async () => {
  await using server = await startServer([{ status: 202 }])
  const output = opsgenie.create(opsgenie.config.parse({ apiKey: 'k', api: server.url }), createOutputHost())
  const message = messageOf(sampleAlert)
  const own = {
    '@opsgenie.message': 'm'.repeat(200),
    '@opsgenie.description': 'd',
    '@opsgenie.priority': 'P1',
    '@opsgenie.tags': ['t'],
    '@opsgenie.details': { a: 1 },
    '@opsgenie.entity': 'web-3',
    '@opsgenie.responders': [{ type: 'team', name: 'sec' }],
    '@opsgenie.note': 'n',
  }
  await output.send({ ...message, publication: { ...message.publication, ...own } }, AbortSignal.timeout(10_000))
  expect(JSON.parse(server.requests[0]!.body)).toMatchObject({
    message: `${'m'.repeat(129)}…`,
    description: 'd',
    priority: 'P1',
    tags: ['t'],
    details: { a: '1' },
    entity: 'web-3',
    responders: [{ type: 'team', name: 'sec' }],
    note: 'n',
  })
})

test('an update of an alert that never came here is an alert', async () => {
  await using server = await startServer([{ status: 202 }])
  const output = opsgenie.create(opsgenie.config.parse({ apiKey: 'k', api: server.url }), createOutputHost())
  await output.send(messageOf(sampleUpdate), AbortSignal.timeout(10_000))
  expect(server.requests[0]?.path).toBe('/v2/alerts')
  expect(JSON.parse(server.requests[0]!.body)).toMatchObject({ alias: sampleAlert.id, details: { Records: '3' } })
})
