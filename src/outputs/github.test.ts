import { expect, test } from 'vitest'
import type { Message } from '../core/contracts/index.ts'
import { type Answer, startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleChanges } from '../testing/sample-alert.ts'
import github from './github.ts'

const code = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``
const mark = `streamalert${sampleAlert.id}`
const query = encodeURIComponent(`${mark} in:body is:issue repo:acme/alerts`)
const headers = {
  accept: 'application/vnd.github+json',
  authorization: 'Bearer g1thub-t0k3n-0123456789',
  'x-github-api-version': '2022-11-28',
}
const body = `Someone used sudo on a host of the PCI environment.

| | |
| --- | --- |
| Rule | sudo-in-pci |
| Severity | high |
| Cluster | pci |
| Source | file:osquery |
| Schema | osquery:differential |
| Time | 2026-02-03T10:02:11.000Z |
| Alert | ${sampleAlert.id} |

${code(sampleAlert.record.data)}

<!-- ${mark} -->`

httpOutputContract({
  kind: github,
  config: (url) => ({ repository: 'acme/alerts', token: 'secret:TOKEN', labels: ['alert'], api: url }),
  secrets: { TOKEN: 'g1thub-t0k3n-0123456789' },
  request: () => [
    { method: 'GET', path: `/search/issues?q=${query}&per_page=1`, headers },
    {
      method: 'POST',
      path: '/repos/acme/alerts/issues',
      headers,
      json: { title: 'sudo on web-3.pci', body, labels: ['alert'] },
    },
  ],
  success: { status: 200, body: '{"total_count":0,"items":[]}' },
  // GitHub repeats the body, and much more.
  then: [{ status: 201, body: JSON.stringify({ body: 'x'.repeat(200_000), number: 42 }) }],
  receipt: '42',
  update: {
    requests: [
      {
        method: 'POST',
        path: '/repos/acme/alerts/issues/42/comments',
        headers,
        json: {
          body: `3 records from 2026-02-03T10:02:11.000Z to 2026-02-03T10:06:40.000Z\n\n${code(sampleChanges)}`,
        },
      },
    ],
  },
  largestBody: 200_000,
})

async function send(answers: readonly Answer[], message: Message) {
  await using server = await startServer(answers)
  const config = github.config.parse({ repository: 'acme/alerts', token: 'g1thub-t0k3n', api: server.url })
  const result = await github
    .create(config, createOutputHost())
    .send(message, AbortSignal.timeout(10_000))
    .catch((error: unknown) => error)
  return { result, requests: server.requests }
}

test('an issue that is there already is not opened again', async () => {
  const { result, requests } = await send([{ status: 200, body: '{"items":[{"number":7}]}' }], messageOf(sampleAlert))
  expect(result).toBe('7')
  expect(requests).toHaveLength(1)
})

test('too many requests come as 403 at GitHub', async () => {
  const limits: Record<string, string>[] = [{ 'retry-after': '60' }, { 'x-ratelimit-remaining': '0' }]
  for (const headers of limits) {
    const { result } = await send([{ status: 403, headers }], messageOf(sampleAlert))
    expect(result).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
  }
})

test('what a log says is no markup, publishers say what is shown', async () => {
  const alert = {
    ...sampleAlert,
    description: '@acme/all <img src=x> [click](https://evil.example)',
    record: { ...sampleAlert.record, data: { text: '```` # heading' } },
  }
  const message = messageOf(alert)
  const answers = [{ status: 200, body: '{"items":[]}' }, { status: 201 }]
  const { requests } = await send(answers, message)
  const sent = JSON.parse(requests[1]!.body) as { body: string }
  expect(sent.body).toContain('\\@acme/all \\<img src=x\\> \\[click\\](https://evil.example)')
  expect(sent.body).toContain('\n`````json\n')

  const publication = { ...message.publication, '@github.title': 'Look here', '@github.body': '**because**' }
  const own = await send(answers, { ...message, publication })
  expect(JSON.parse(own.requests[1]!.body)).toMatchObject({
    title: 'Look here',
    body: `**because**\n\n<!-- ${mark} -->`,
  })
})
