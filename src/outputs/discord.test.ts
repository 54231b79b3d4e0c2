import { expect, test } from 'vitest'
import type { Message } from '../core/contracts/index.ts'
import { type Answer, startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import {
  messageOf,
  sampleAlert,
  sampleChanges,
  sampleFacts,
  sampleUpdate,
  sampleUpdateFacts,
} from '../testing/sample-alert.ts'
import discord from './discord.ts'

const code = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``
const description = 'Someone used sudo on a host of the PCI environment.'
const content = (title: string, body: unknown, more: object = {}) => ({
  embeds: [
    {
      title,
      description: `${description}\n${code(body)}`,
      color: 0xdc2626,
      timestamp: '2026-02-03T10:02:11.000Z',
      fields: Object.entries({ ...sampleFacts, ...more, Alert: sampleAlert.id }).map(([name, value]) => {
        return { name, value, inline: true }
      }),
    },
  ],
  allowed_mentions: { parse: [] },
})

httpOutputContract({
  kind: discord,
  config: (url) => ({ url: `${url}/api/webhooks/1/abc?thread_id=7`, username: 'Alerts' }),
  secrets: {},
  request: () => ({
    method: 'POST',
    path: '/api/webhooks/1/abc?thread_id=7&wait=true',
    headers: { 'content-type': 'application/json' },
    json: { username: 'Alerts', ...content('sudo on web-3.pci', sampleAlert.record.data) },
  }),
  success: { status: 200, body: '{"id":"1234567890"}' },
  receipt: '1234567890',
  update: {
    requests: [
      {
        method: 'PATCH',
        path: '/api/webhooks/1/abc/messages/1234567890?thread_id=7',
        json: content('sudo on web-3.pci', sampleAlert.record.data, sampleUpdateFacts),
      },
      {
        method: 'POST',
        path: '/api/webhooks/1/abc?thread_id=7&wait=true',
        json: { username: 'Alerts', ...content('Update: sudo on web-3.pci', sampleChanges, sampleUpdateFacts) },
      },
    ],
  },
  largestBody: 20_000,
})

async function send(answers: readonly Answer[], message: Message) {
  await using server = await startServer(answers)
  const host = createOutputHost({ secrets: { HOOK: `${server.url}/api/webhooks/1/s3cr3t-t0k3n-0123456789` } })
  const sent = discord
    .create(discord.config.parse({ url: 'secret:HOOK' }), host)
    .send(message, AbortSignal.timeout(10_000))
  const result = await sent.catch((error: unknown) => error)
  return { result, bodies: server.requests.map(({ body }) => JSON.parse(body) as unknown) }
}

test('an update of a message that someone deleted is posted anew', async () => {
  const answers = [
    { status: 404, body: '{"message":"Unknown Message","code":10008}' },
    { status: 200, body: '{"id":"2"}' },
  ]
  const { result, bodies } = await send(answers, { ...messageOf(sampleUpdate), earlier: '1' })
  expect(result).toBe('2')
  expect(bodies).toHaveLength(2)
})

test('a webhook that was removed waits for a person, and its address is not told', async () => {
  const { result } = await send(
    [{ status: 404, body: 'no /api/webhooks/1/s3cr3t-t0k3n-0123456789, token s3cr3t-t0k3n-0123456789' }],
    messageOf(sampleAlert),
  )
  expect(result).toMatchObject({ code: 'OUTPUT_MISCONFIGURED', hint: 'The webhook was removed: make a new one.' })
  expect(String(result)).not.toContain('s3cr3t')
})

test('what a log says is no markup, publishers say what is shown', async () => {
  const alert = {
    ...sampleAlert,
    title: '[click](https://evil.example) @everyone',
    record: { ...sampleAlert.record, data: { text: '``` **bold**' } },
  }
  const message = messageOf(alert)
  const { bodies } = await send([{ status: 200 }], message)
  const [{ embeds }] = bodies as [{ embeds: { title: string; description: string }[] }]
  expect(embeds[0]?.title).toBe('\\[click\\]\\(https://evil.example\\) \\@everyone')
  expect(embeds[0]?.description.split('```')).toHaveLength(3)

  const publication = { ...message.publication, '@discord.content': 'Hello', '@discord.embeds': [{ title: 'x' }] }
  const own = await send([{ status: 200 }], { ...message, publication })
  expect(own.bodies[0]).toMatchObject({ content: 'Hello', embeds: [{ title: 'x' }] })
})
