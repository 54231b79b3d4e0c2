import { expect, test } from 'vitest'
import type { Message } from '../core/contracts/index.ts'
import { type Answer, startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../testing/sample-alert.ts'
import servicenow from './servicenow.ts'

const headers = { authorization: `Basic ${Buffer.from('streamalert:s3rv1c3-p4ssw0rd').toString('base64')}` }
const query = `sysparm_query=correlation_id%3D${sampleAlert.id}&sysparm_fields=sys_id&sysparm_limit=1`
const description = `Someone used sudo on a host of the PCI environment.

Rule: sudo-in-pci
Severity: high
Cluster: pci
Source: file:osquery
Schema: osquery:differential
Time: 2026-02-03T10:02:11.000Z
Alert: ${sampleAlert.id}

${JSON.stringify(sampleAlert.record.data, null, 2)}`

httpOutputContract({
  kind: servicenow,
  config: (url) => ({
    instance: `${url}/`,
    user: 'streamalert',
    password: 'secret:PASSWORD',
    fields: { category: 'security' },
  }),
  secrets: { PASSWORD: 's3rv1c3-p4ssw0rd' },
  request: () => [
    { method: 'GET', path: `/api/now/table/incident?${query}`, headers },
    {
      method: 'POST',
      path: '/api/now/table/incident?sysparm_fields=sys_id',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      json: {
        category: 'security',
        short_description: 'sudo on web-3.pci',
        description,
        urgency: '1',
        impact: '2',
        correlation_id: sampleAlert.id,
        correlation_display: 'StreamAlert',
      },
    },
  ],
  success: { status: 200, body: '{"result":[]}' },
  then: [{ status: 201, body: '{"result":{"sys_id":"46f09e75a9fe198100f4ffd8d366d17b"}}' }],
  receipt: '46f09e75a9fe198100f4ffd8d366d17b',
  update: {
    answers: [{ status: 200, body: '{"result":{}}' }],
    requests: [
      {
        method: 'PATCH',
        path: '/api/now/table/incident/46f09e75a9fe198100f4ffd8d366d17b?sysparm_fields=sys_id',
        headers,
        json: { work_notes: JSON.stringify(sampleChanges, null, 2) },
      },
    ],
  },
  largestBody: 20_000,
})

async function send(answers: readonly Answer[], message: Message) {
  await using server = await startServer(answers)
  const config = servicenow.config.parse({ instance: server.url, token: '0auth-t0k3n' })
  const result = await servicenow
    .create(config, createOutputHost())
    .send(message, AbortSignal.timeout(10_000))
    .catch((error: unknown) => error)
  return { result, requests: server.requests }
}

test('an incident that is there already is not opened again', async () => {
  const { result, requests } = await send(
    [{ status: 200, body: '{"result":[{"sys_id":"a1"}]}' }],
    messageOf(sampleAlert),
  )
  expect(result).toBe('a1')
  expect(requests).toHaveLength(1)
  expect(requests[0]?.headers['authorization']).toBe('Bearer 0auth-t0k3n')
})

test('a sleeping instance is asked again', async () => {
  const { result } = await send(
    [{ status: 200, body: '<html>Your instance is hibernating</html>' }],
    messageOf(sampleAlert),
  )
  expect(result).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later', hint: 'Is the instance awake?' })
})

test('publishers say what the incident says', async () => {
  const message = messageOf(sampleAlert)
  const own = {
    '@servicenow.short_description': 'Look here',
    '@servicenow.description': 'because',
    '@servicenow.urgency': '3',
    '@servicenow.impact': '3',
    '@servicenow.fields': { cmdb_ci: 'web-3' },
  }
  const answers = [
    { status: 200, body: '{"result":[]}' },
    { status: 201, body: '{"result":{}}' },
  ]
  const { requests } = await send(answers, { ...message, publication: { ...message.publication, ...own } })
  expect(JSON.parse(requests[1]!.body)).toMatchObject({
    short_description: 'Look here',
    description: 'because',
    urgency: '3',
    impact: '3',
    cmdb_ci: 'web-3',
  })
})

test('credentials are needed', () => {
  const { error } = servicenow.config.safeParse({ instance: 'https://acme.service-now.com', user: 'x' })
  expect(error?.issues[0]?.message).toBe('needs either user and password, or token')
})
