import { expect, test } from 'vitest'
import type { LogLine, Message } from '../../core/contracts/index.ts'
import { type Answer, startServer } from '../../testing/http-server.ts'
import { httpOutputContract } from '../../testing/output-contract.ts'
import { createOutputHost } from '../../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../../testing/sample-alert.ts'
import incident from './index.ts'

const event = (details: object) => ({
  routing_key: '1nt3gr4t10n-k3y-0123456789',
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
    custom_details: { description: sampleAlert.description, ...details, record: sampleAlert.record.data },
  },
})
const headers = {
  accept: 'application/vnd.pagerduty+json;version=2',
  authorization: 'Token token=r3st-t0k3n-0123456789',
  from: 'streamalert@acme.example',
}
const accepted = { status: 202, body: '{"status":"success"}' }
const found = { status: 200, body: '{"incidents":[{"id":"PT4KHLK","type":"incident"}]}' }

httpOutputContract({
  kind: incident,
  config: (url) => ({
    integrationKey: 'secret:KEY',
    token: 'secret:TOKEN',
    from: 'streamalert@acme.example',
    escalationPolicy: 'PT20YPA',
    events: url,
    api: `${url}/rest`,
  }),
  secrets: { KEY: '1nt3gr4t10n-k3y-0123456789', TOKEN: 'r3st-t0k3n-0123456789' },
  request: () => [
    { method: 'POST', path: '/v2/enqueue', json: event({}) },
    { method: 'GET', path: `/rest/incidents?incident_key=${sampleAlert.id}&date_range=all&limit=1`, headers },
    {
      method: 'PUT',
      path: '/rest/incidents/PT4KHLK',
      headers: { ...headers, 'content-type': 'application/json' },
      json: {
        incident: {
          type: 'incident_reference',
          title: 'sudo on web-3.pci',
          urgency: 'high',
          escalation_policy: { id: 'PT20YPA', type: 'escalation_policy_reference' },
        },
      },
    },
  ],
  success: accepted,
  then: [found, { status: 200, body: '{"incident":{}}' }],
  receipt: 'PT4KHLK',
  update: {
    answers: [accepted, { status: 201 }],
    requests: [
      { method: 'POST', path: '/v2/enqueue', json: event({ changes: sampleChanges }) },
      {
        method: 'POST',
        path: '/rest/incidents/PT4KHLK/notes',
        headers,
        json: { note: { content: JSON.stringify(sampleChanges, null, 2) } },
      },
    ],
  },
  largestBody: 512 * 1024,
})

async function send(answers: readonly Answer[], message: Message) {
  await using server = await startServer(answers)
  const lines: LogLine[] = []
  const from = 'streamalert@acme.example'
  const options = { integrationKey: '1nt3gr4t10n', token: 'r3st-t0k3n', from, events: server.url, api: server.url }
  const sent = incident
    .create(incident.config.parse(options), createOutputHost({ lines }))
    .send(message, AbortSignal.timeout(10_000))
  const result = await sent.catch((error: unknown) => error)
  return {
    result,
    lines,
    asked: server.requests.map(({ method, path }) => `${method} ${path}`),
    bodies: server.requests.map(({ body }) => (body === '' ? undefined : (JSON.parse(body) as unknown))),
  }
}

test('as long as there is no incident, the delivery is tried again', async () => {
  const { result } = await send([accepted, { status: 200, body: '{"incidents":[]}' }], messageOf(sampleAlert))
  expect(result).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later', retryAfterMs: 5_000 })
})

const users = (...emails: string[]) => ({
  status: 200,
  body: JSON.stringify({ users: emails.map((email) => ({ id: `P-${email}`, email })) }),
})
const asking = {
  ...sampleAlert,
  context: {
    'pagerduty-incident': {
      assigned_user: 'Alice@acme.example',
      incident_priority: 'P1',
      with_record: false,
      note: 'See the runbook.',
      responders: ['bob@acme.example'],
      responder_message: 'Please look.',
    },
  },
}

test('a rule names the assignee, the priority, responders and a note', async () => {
  const answers = [
    accepted,
    found,
    users('malice@acme.example', 'alice@acme.example'),
    { status: 200, body: '{"priorities":[{"id":"PRIO","name":"p1"}]}' },
    { status: 200 },
    users('streamalert@acme.example', 'bob@acme.example'),
    users('streamalert@acme.example', 'bob@acme.example'),
    { status: 201 },
  ]
  const { result, asked, bodies } = await send(answers, messageOf(asking))
  expect(result).toBe('PT4KHLK')
  expect(bodies[0]).not.toHaveProperty('payload.custom_details.record')
  expect(bodies[4]).toEqual({
    incident: {
      type: 'incident_reference',
      title: 'sudo on web-3.pci',
      urgency: 'high',
      priority: { id: 'PRIO', type: 'priority_reference' },
      assignments: [{ assignee: { id: 'P-alice@acme.example', type: 'user_reference' } }],
    },
  })
  expect(asked.slice(7)).toEqual(['POST /incidents/PT4KHLK/responder_requests', 'POST /incidents/PT4KHLK/notes'])
  expect(bodies.slice(7)).toEqual([
    {
      requester_id: 'P-streamalert@acme.example',
      message: 'Please look.',
      responder_request_targets: [{ responder_request_target: { id: 'P-bob@acme.example', type: 'user_reference' } }],
    },
    { note: { content: 'See the runbook.' } },
  ])
})

test('publishers say what the incident says; a note that fails pages nobody again', async () => {
  const message = messageOf(sampleAlert)
  const own = {
    '@pagerduty-incident.incident_title': 'Look here',
    '@pagerduty-incident.urgency': 'low',
    '@pagerduty-incident.note': 'first',
    '@pagerduty-incident.incident_body': 'then',
    '@pagerduty-v2.summary': 'In short',
  }
  const answers = [accepted, found, { status: 200 }, { status: 500 }]
  const sent = await send(answers, { ...message, publication: { ...message.publication, ...own } })
  expect(sent.result).toBe('PT4KHLK')
  expect(sent.bodies[0]).toMatchObject({ payload: { summary: 'In short' } })
  expect(sent.bodies[2]).toMatchObject({ incident: { title: 'Look here', urgency: 'low' } })
  expect(sent.bodies[3]).toEqual({ note: { content: 'first\n\nthen' } })
  expect(sent.lines).toMatchObject([{ level: 'warn', code: 'OUTPUT_REJECTED' }])
})
