import { expect, test } from 'vitest'
import { startServer } from '../../testing/http-server.ts'
import { httpOutputContract } from '../../testing/output-contract.ts'
import { createOutputHost } from '../../testing/output-host.ts'
import {
  messageOf,
  sampleAlert,
  sampleChanges,
  sampleFacts,
  sampleUpdate,
  sampleUpdateFacts,
} from '../../testing/sample-alert.ts'
import teams from './index.ts'

const path = '/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=s1gn4tur3'

const card = (title: string, id: string, body: unknown, more: object = {}) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.5',
        msteams: { width: 'Full' },
        body: [
          {
            type: 'Container',
            style: 'attention',
            bleed: true,
            items: [
              { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: title, size: 'Large', weight: 'Bolder' }] },
            ],
          },
          { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: sampleAlert.description }] },
          {
            type: 'FactSet',
            facts: Object.entries({ ...sampleFacts, ...more, Alert: sampleAlert.id }).map(([name, value]) => {
              return { title: name, value }
            }),
          },
          {
            type: 'CodeBlock',
            codeSnippet: JSON.stringify(body, null, 2),
            language: 'Json',
            fallback: { type: 'TextBlock', text: `The record: streamalert alerts show ${id}`, wrap: true },
          },
        ],
        actions: [],
      },
    },
  ],
})

httpOutputContract({
  kind: teams,
  config: (url) => ({ url: `${url}${path}` }),
  secrets: {},
  request: (alert) => ({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    json: card('sudo on web-3.pci', alert.id, alert.record.data),
  }),
  success: { status: 202 },
  update: {
    answers: [{ status: 202 }],
    requests: [
      {
        method: 'POST',
        path,
        json: card('Update: sudo on web-3.pci', sampleUpdate.id, sampleChanges, sampleUpdateFacts),
      },
    ],
  },
  largestBody: 28_000,
})

async function send(own: object, status = 202) {
  await using server = await startServer([{ status, body: `no workflow at ${path}` }])
  const host = createOutputHost({ secrets: { FLOW: `${server.url}${path}` } })
  const message = messageOf(sampleAlert)
  const publication = { ...message.publication, ...own }
  const sent = teams
    .create(teams.config.parse({ url: 'secret:FLOW' }), host)
    .send({ ...message, publication }, AbortSignal.timeout(10_000))
  const error = await sent.catch((thrown: unknown) => thrown)
  const body = JSON.parse(server.requests[0]!.body) as { attachments: { content: unknown }[] }
  return { error, content: body.attachments[0]?.content, size: server.requests[0]!.body.length }
}

test('publishers say what the card says', async () => {
  const { content } = await send({
    '@teams.title': '**Look** here',
    '@teams.description': 'because',
    '@teams.card_color': 'good',
    '@teams.with_record': false,
    '@teams.additional_card_sections': [
      { title: 'Who', text: 'someone', facts: [{ name: 'user', value: 'alice' }] },
      { type: 'Image', url: 'https://example.com/a.png' },
      'nonsense',
    ],
    '@teams.buttons': [{ text: 'Runbook', url: 'https://example.com/run' }, { text: 'nowhere' }],
  })
  expect(content).toMatchObject({
    body: [
      { style: 'good', items: [{ type: 'TextBlock', text: '**Look** here' }] },
      { type: 'TextBlock', text: 'because' },
      { type: 'FactSet' },
      { type: 'TextBlock', text: 'Who' },
      { type: 'TextBlock', text: 'someone' },
      { type: 'FactSet', facts: [{ title: 'user', value: 'alice' }] },
      { type: 'Image', url: 'https://example.com/a.png' },
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Runbook', url: 'https://example.com/run' }],
  })
})

test('what publishers add is left out where it is too large', async () => {
  const { size } = await send({ '@teams.additional_card_sections': [{ title: 'Long', text: 'x'.repeat(50_000) }] })
  expect(size).toBeLessThan(28_000)
})

test('the address of a workflow is not told', async () => {
  const { error } = await send({}, 404)
  expect(error).toMatchObject({ code: 'OUTPUT_MISCONFIGURED', hint: 'The workflow was removed or turned off.' })
  expect(String(error)).not.toContain('s1gn4tur3')
})
