import { expect, test } from 'vitest'
import { genieContract } from '../testing/genie-contract.ts'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import opsgenie from './opsgenie.ts'

httpOutputContract({ kind: opsgenie, ...genieContract('/v2/alerts', 'g3n13-k3y-0123456789') })

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
