import { expect, test } from 'vitest'
import type { Message } from '../../core/contracts/index.ts'
import { type Answer, startServer } from '../../testing/http-server.ts'
import { httpOutputContract } from '../../testing/output-contract.ts'
import { createOutputHost } from '../../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges, sampleUpdate } from '../../testing/sample-alert.ts'
import slack from './index.ts'

const header = { type: 'header', text: { type: 'plain_text', text: 'sudo on web-3.pci', emoji: false } }
const description = {
  type: 'section',
  text: { type: 'mrkdwn', text: 'Someone used sudo on a host of the PCI environment.' },
}
const fields = (...facts: (readonly [string, string])[]) => ({
  type: 'section',
  fields: facts.map(([label, value]) => ({ type: 'mrkdwn', text: `*${label}*\n${value}` })),
})
const pre = (value: unknown) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: JSON.stringify(value, null, 2) }] }],
})
const facts = [
  ['Rule', 'sudo-in-pci'],
  ['Severity', 'high'],
  ['Cluster', 'pci'],
  ['Source', 'file:osquery'],
  ['Schema', 'osquery:differential'],
  ['Time', '2026-02-03T10:02:11.000Z'],
] as const
const merged = [
  ['Records', '3'],
  ['First', '2026-02-03T10:02:11.000Z'],
  ['Last', '2026-02-03T10:06:40.000Z'],
] as const
const id = ['Alert', sampleAlert.id] as const
const record = sampleAlert.record.data
const quiet = { unfurl_links: false, unfurl_media: false }
const metadata = {
  event_type: 'streamalert_alert',
  event_payload: { id: sampleAlert.id, rule: 'sudo-in-pci', severity: 'high' },
}
const first = { text: 'sudo on web-3.pci', blocks: [header, description, fields(...facts, id), pre(record)] }

httpOutputContract({
  kind: slack,
  config: (url) => ({ token: 'secret:TOKEN', channel: 'C0123456789', api: `${url}/api` }),
  secrets: { TOKEN: 'xoxb-t0p-s3cr3t-t0k3n' },
  request: () => ({
    method: 'POST',
    path: '/api/chat.postMessage',
    headers: { authorization: 'Bearer xoxb-t0p-s3cr3t-t0k3n', 'content-type': 'application/json; charset=utf-8' },
    json: { channel: 'C0123456789', ...first, ...quiet, metadata },
  }),
  success: { status: 200, body: '{"ok":true,"channel":"C0123456789","ts":"1770112932.000100"}' },
  receipt: 'C0123456789 1770112932.000100',
  update: {
    answers: [{ status: 200, body: '{"ok":true,"channel":"C0123456789","ts":"1770112932.000200"}' }],
    requests: [
      {
        method: 'POST',
        path: '/api/chat.update',
        json: {
          channel: 'C0123456789',
          ts: '1770112932.000100',
          text: 'sudo on web-3.pci',
          blocks: [header, description, fields(...facts, ...merged, id), pre(record)],
        },
      },
      {
        method: 'POST',
        path: '/api/chat.postMessage',
        json: {
          channel: 'C0123456789',
          thread_ts: '1770112932.000100',
          text: '3 records from 2026-02-03T10:02:11.000Z to 2026-02-03T10:06:40.000Z',
          blocks: [
            {
              type: 'section',
              text: { type: 'mrkdwn', text: '3 records from 2026-02-03T10:02:11.000Z to 2026-02-03T10:06:40.000Z' },
            },
            pre(sampleChanges),
          ],
          ...quiet,
          metadata,
        },
      },
    ],
  },
  largestBody: 40_000,
})

async function send(answers: readonly Answer[], message: Message, config?: (url: string) => unknown) {
  await using server = await startServer(answers)
  const options = config?.(server.url) ?? { token: 'secret:TOKEN', channel: 'C1', api: server.url }
  const host = createOutputHost({ secrets: { TOKEN: 'xoxb-1', HOOK: `${server.url}/services/T/B/x` } })
  const sent = slack.create(slack.config.parse(options), host).send(message, AbortSignal.timeout(10_000))
  const error = await sent.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { receipt: error === undefined ? await sent : undefined, error, requests: server.requests }
}

const ok = { status: 200, body: '{"ok":true,"channel":"C1","ts":"2.0"}' }
const refused = (error: string) => ({ status: 200, body: JSON.stringify({ ok: false, error }) })

test('a webhook gets the same message', async () => {
  const { requests } = await send([{ status: 200, body: 'ok' }], messageOf(sampleAlert), () => ({ url: 'secret:HOOK' }))
  expect(requests[0]?.path).toBe('/services/T/B/x')
  expect(JSON.parse(requests[0]!.body)).toEqual({ ...first, ...quiet })
})

test.each([
  ['ratelimited', { code: 'OUTPUT_UNAVAILABLE', retry: 'later' }],
  ['invalid_auth', { code: 'OUTPUT_MISCONFIGURED', retry: 'never' }],
  ['not_in_channel', { code: 'OUTPUT_MISCONFIGURED', hint: 'Invite the app to the channel: /invite @app.' }],
  ['invalid_blocks', { code: 'OUTPUT_REJECTED', message: 'Slack refuses the message: invalid_blocks.' }],
])('status 200 with %s is an error', async (word, expected) => {
  expect((await send([refused(word)], messageOf(sampleAlert))).error).toMatchObject(expected)
})

test('an answer that cannot be read is tried again', async () => {
  const { error } = await send([{ status: 200, body: '<html>' }], messageOf(sampleAlert))
  expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
})

test('an update of a message that someone deleted is posted as a message', async () => {
  const message = { ...messageOf(sampleUpdate), earlier: 'C1 1.0' }
  const { receipt, requests } = await send([refused('message_not_found'), ok], message)
  expect(requests.map(({ path }) => path)).toEqual(['/chat.update', '/chat.postMessage'])
  expect(JSON.parse(requests[1]!.body)).not.toHaveProperty('thread_ts')
  expect(receipt).toBe('C1 2.0')
})

test('publishers say what is shown', async () => {
  const message = messageOf(sampleAlert)
  const publication = {
    ...message.publication,
    '@slack.text': '*sudo* on <https://example.com|web-3>',
    '@slack.attachments': [{ text: 'x'.repeat(5_000), color: '#b22222' }, ...Array.from({ length: 30 }, () => ({}))],
  }
  const { requests } = await send([ok], { ...message, publication })
  const body = JSON.parse(requests[0]!.body) as { attachments: { text: string }[] }
  expect(body).toMatchObject({
    text: '*sudo* on <https://example.com|web-3>',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*sudo* on <https://example.com|web-3>' } }],
  })
  expect(body.attachments).toHaveLength(20)
  expect(body.attachments[0]?.text).toHaveLength(4_000)
})

test('what a log says is no markup', async () => {
  const alert = { ...sampleAlert, title: '<!channel> & co', description: '<https://evil.example|click>' }
  const { requests } = await send([ok], messageOf(alert))
  expect(JSON.parse(requests[0]!.body)).toMatchObject({
    text: '&lt;!channel&gt; &amp; co',
    blocks: [{ text: { type: 'plain_text' } }, { text: { text: '&lt;https://evil.example|click&gt;' } }, {}, {}],
  })
})

test.each([{}, { token: 'secret:T' }, { url: 'https://hooks.slack.com/x', token: 'secret:T', channel: 'C1' }])(
  '%j is no configuration',
  (config) => {
    expect(slack.config.safeParse(config).error?.issues[0]?.message).toBe('needs either url, or token and channel')
  },
)
