import { expect, test } from 'vitest'
import type { Message } from '../core/contracts/index.ts'
import { type Answer, startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../testing/sample-alert.ts'
import demisto from './demisto.ts'

const headers = { authorization: 'xs04r-k3y-0123456789abc', 'x-xdr-auth-id': '7' }
const labels = {
  cluster: 'pci',
  'context.shift': 'night',
  createdAt: '2026-02-03T10:02:12.000Z',
  description: sampleAlert.description,
  id: sampleAlert.id,
  'normalised.user[0]': 'älice',
  'outputs[0]': 'webhook:hook',
  position: 'logs/pci/osquery.log#1200',
  'record.action': 'added',
  'record.columns.cmdline': 'sudo cat /etc/shadow',
  'record.columns.username': 'älice',
  'record.hostIdentifier': 'web-3.pci',
  recordId: '9b1f0c55d2a84e6f8c3d7a1e5b902846',
  rule: 'sudo-in-pci',
  schema: 'osquery:differential',
  severity: 'high',
  source: 'file:osquery',
  staged: 'false',
  time: '2026-02-03T10:02:11.000Z',
  title: 'sudo on web-3.pci',
}

httpOutputContract({
  kind: demisto,
  config: (url) => ({ url, token: 'secret:KEY', keyId: '7' }),
  secrets: { KEY: 'xs04r-k3y-0123456789abc' },
  request: () => ({
    method: 'POST',
    path: '/xsoar/public/v1/incident',
    headers: { ...headers, 'content-type': 'application/json' },
    json: {
      type: 'Unclassified',
      name: 'sudo on web-3.pci',
      severity: 3,
      labels: [
        { type: 'streamalert_id', value: sampleAlert.id },
        ...Object.entries(labels).map(([type, value]) => ({ type, value })),
      ],
      customFields: {},
      details: sampleAlert.description,
      createInvestigation: true,
    },
  }),
  success: { status: 201, body: '{"id":"1337","version":1,"status":0}' },
  receipt: '1337',
  update: {
    answers: [{ status: 200, body: '{"id":"1@1337"}' }],
    requests: [
      {
        method: 'POST',
        path: '/xsoar/public/v1/entry',
        headers,
        json: { investigationId: '1337', data: JSON.stringify(sampleChanges, null, 2) },
      },
    ],
  },
  largestBody: 300_000,
})

async function send(answers: readonly Answer[], message: Message, options: object = {}) {
  await using server = await startServer(answers)
  const config = demisto.config.parse({ url: server.url, token: 'xs04r-k3y', ...options })
  const sent = demisto.create(config, createOutputHost()).send(message, AbortSignal.timeout(10_000))
  const result = await sent.catch((error: unknown) => error)
  return { result, requests: server.requests, body: JSON.parse(server.requests[0]!.body) as unknown }
}

test('version 6 has another path and no id of the key', async () => {
  const { requests } = await send([{ status: 201, body: '{"id":"1"}' }], messageOf(sampleAlert))
  expect(requests[0]?.path).toBe('/incident')
  expect(requests[0]?.headers).toMatchObject({ authorization: 'xs04r-k3y' })
  expect(requests[0]?.headers).not.toHaveProperty('x-xdr-auth-id')
})

test.each([
  [{ id: 'bad_request', status: 400, title: 'Bad request', detail: 'type is unknown', error: '' }, 'OUTPUT_REJECTED'],
  [{ status: 500, title: 'Oops', detail: 'database', error: 'database is locked' }, 'OUTPUT_UNAVAILABLE'],
])('an error of status 200 is an error', async (answer, code) => {
  const { result } = await send([{ status: 200, body: JSON.stringify(answer) }], messageOf(sampleAlert))
  expect(result).toMatchObject({ code, retry: code === 'OUTPUT_REJECTED' ? 'never' : 'later' })
})

test('publishers say what the incident says', async () => {
  const message = messageOf(sampleAlert)
  const own = {
    '@demisto.incident_type': 'Phishing',
    '@demisto.playbook': 'Triage',
    '@demisto.severity': 'informational',
    '@demisto.owner': 'sec',
    '@demisto.details': 'because',
    '@demisto.incident_name': 'Look here',
    '@demisto.label_data': { a: { b: [1] } },
  }
  const { body } = await send([{ status: 201 }], { ...message, publication: { ...message.publication, ...own } })
  expect(body).toEqual({
    type: 'Phishing',
    name: 'Look here',
    owner: 'sec',
    playbookId: 'Triage',
    severity: 0.5,
    labels: [
      { type: 'streamalert_id', value: sampleAlert.id },
      { type: 'a.b[0]', value: '1' },
    ],
    customFields: {},
    details: 'because',
    createInvestigation: true,
  })
})
