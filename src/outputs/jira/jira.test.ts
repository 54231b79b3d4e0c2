import { expect, test } from 'vitest'
import type { Message } from '../../core/contracts/index.ts'
import { type Answer, startServer } from '../../testing/http-server.ts'
import { httpOutputContract } from '../../testing/output-contract.ts'
import { createOutputHost } from '../../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../../testing/sample-alert.ts'
import jira from './index.ts'

const pretty = (value: unknown) => JSON.stringify(value, null, 2)
const headers = {
  authorization: `Basic ${Buffer.from('alerts@acme.example:j1ra-t0k3n-0123456789').toString('base64')}`,
}
const facts = [
  'Rule: sudo-in-pci',
  'Severity: high',
  'Cluster: pci',
  'Source: file:osquery',
  'Schema: osquery:differential',
  'Time: 2026-02-03T10:02:11.000Z',
  `Alert: ${sampleAlert.id}`,
]
const code = (value: unknown) => ({
  type: 'codeBlock',
  attrs: { language: 'json' },
  content: [{ type: 'text', text: pretty(value) }],
})
const paragraph = (...lines: readonly string[]) => ({
  type: 'paragraph',
  content: lines.flatMap((text, n) => [...(n > 0 ? [{ type: 'hardBreak' }] : []), { type: 'text', text }]),
})
const search = {
  jql: `project = "SEC" AND labels = "streamalert-${sampleAlert.id}"`,
  maxResults: 1,
  fields: ['summary'],
}
const labels = ['streamalert', `streamalert-${sampleAlert.id}`]
const none = { status: 200, body: '{"issues":[]}' }
const made = {
  status: 201,
  body: '{"id":"10000","key":"SEC-24","self":"https://acme.atlassian.net/rest/api/3/issue/10000"}',
}

httpOutputContract({
  kind: jira,
  config: (url) => ({ url, email: 'alerts@acme.example', token: 'secret:TOKEN', project: 'SEC' }),
  secrets: { TOKEN: 'j1ra-t0k3n-0123456789' },
  request: () => [
    { method: 'POST', path: '/rest/api/3/search/jql', headers, json: search },
    {
      method: 'POST',
      path: '/rest/api/3/issue',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      json: {
        fields: {
          project: { key: 'SEC' },
          issuetype: { name: 'Task' },
          summary: 'sudo on web-3.pci',
          description: {
            type: 'doc',
            version: 1,
            content: [paragraph(sampleAlert.description), paragraph(...facts), code(sampleAlert.record.data)],
          },
          labels,
        },
      },
    },
  ],
  success: none,
  then: [made],
  receipt: 'SEC-24',
  update: {
    requests: [
      {
        method: 'POST',
        path: '/rest/api/3/issue/SEC-24/comment',
        headers,
        json: {
          body: {
            type: 'doc',
            version: 1,
            content: [
              paragraph('3 records from 2026-02-03T10:02:11.000Z to 2026-02-03T10:06:40.000Z'),
              code(sampleChanges),
            ],
          },
        },
      },
    ],
  },
  largestBody: 80_000,
})

async function send(answers: readonly Answer[], message: Message, options: object = {}) {
  await using server = await startServer(answers)
  const config = jira.config.parse({ url: server.url, token: 'p3rs0nal-t0k3n', project: 'SEC', ...options })
  const result = await jira
    .create(config, createOutputHost())
    .send(message, AbortSignal.timeout(10_000))
    .catch((error: unknown) => error)
  const bodies = server.requests.map(({ body }) => JSON.parse(body) as unknown)
  return { result, bodies, paths: server.requests.map(({ path }) => path), requests: server.requests }
}

test('Data Center takes v2, a personal access token and wiki markup that a record cannot end', async () => {
  const data = { text: '{noformat} h1. heading' }
  const alert = { ...sampleAlert, record: { ...sampleAlert.record, data } }
  const { result, requests, bodies, paths } = await send([none, made], messageOf(alert))
  expect(result).toBe('SEC-24')
  expect(paths).toEqual(['/rest/api/2/search', '/rest/api/2/issue'])
  expect(requests[0]?.headers['authorization']).toBe('Bearer p3rs0nal-t0k3n')
  const plain = (text: string) => `{noformat}\n${text}\n{noformat}`
  const description = [sampleAlert.description, facts.join('\n'), pretty({ text: '{ noformat} h1. heading' })]
  expect(bodies[1]).toMatchObject({ fields: { description: description.map(plain).join('\n') } })
})

test('an issue that is there already is not filed again', async () => {
  const { result, paths } = await send([{ status: 200, body: '{"issues":[{"key":"SEC-7"}]}' }], messageOf(sampleAlert))
  expect(result).toBe('SEC-7')
  expect(paths).toHaveLength(1)
})

test('aggregate: an alert joins the open issue of the same summary, and no other', async () => {
  const issue = (key: string, summary: string) => ({ key, fields: { summary } })
  const found = { issues: [issue('SEC-1', 'sudo on web-3.pci again'), issue('SEC-2', 'sudo on web-3.pci')] }
  const answers = [none, { status: 200, body: JSON.stringify(found) }, { status: 201 }]
  const { result, bodies, paths } = await send(answers, messageOf(sampleAlert), { aggregate: true })
  expect(result).toBe('SEC-2')
  expect(paths[2]).toBe('/rest/api/2/issue/SEC-2/comment')
  expect(bodies[1]).toMatchObject({
    jql: 'project = "SEC" AND summary ~ "\\"sudo on web-3.pci\\"" AND statusCategory != Done ORDER BY created DESC',
  })

  const others = { issues: [issue('SEC-1', 'sudo on web-3.pci again')] }
  const alone = await send([none, { status: 200, body: JSON.stringify(others) }, made], messageOf(sampleAlert), {
    aggregate: true,
  })
  expect(alone.paths[2]).toBe('/rest/api/2/issue')
})

test('publishers say what the issue says; a summary cannot change the search', async () => {
  const message = messageOf(sampleAlert)
  const own = { '@jira.issue_summary': 'a" OR project = "HR', '@jira.description': 'because' }
  const publication = { ...message.publication, ...own }
  const { bodies } = await send([none, none, made], { ...message, publication }, { aggregate: true })
  expect(bodies[1]).toMatchObject({
    jql: 'project = "SEC" AND summary ~ "\\"a  OR project =  HR\\"" AND statusCategory != Done ORDER BY created DESC',
  })
  expect(bodies[2]).toMatchObject({ fields: { summary: 'a" OR project = "HR', description: 'because' } })
})
