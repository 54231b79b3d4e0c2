import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { type Answer, startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import phantom from './phantom.ts'

const headers = { 'ph-auth-token': 'ph4nt0m-t0k3n-0123456789' }
const artifact = (alert: typeof sampleAlert) => ({
  name: 'sudo-in-pci',
  label: 'alert',
  severity: 'high',
  source_data_identifier: alert.id,
  start_time: '2026-02-03T10:02:11.000Z',
  cef: sampleAlert.record.data,
  data: publish(alert),
})

httpOutputContract({
  kind: phantom,
  config: (url) => ({ url, token: 'secret:TOKEN' }),
  secrets: { TOKEN: 'ph4nt0m-t0k3n-0123456789' },
  request: () => [
    {
      method: 'GET',
      path: `/rest/container?_filter_source_data_identifier=%22${sampleAlert.id}%22&page_size=1`,
      headers,
    },
    {
      method: 'POST',
      path: '/rest/container',
      headers: { ...headers, 'content-type': 'application/json' },
      json: {
        name: 'sudo on web-3.pci',
        description: sampleAlert.description,
        label: 'events',
        severity: 'high',
        source_data_identifier: sampleAlert.id,
        artifacts: [artifact(sampleAlert)],
      },
    },
  ],
  success: { status: 200, body: '{"count":0,"num_pages":0,"data":[]}' },
  then: [{ status: 200, body: '{"id":17,"success":true,"new_artifacts_ids":[40]}' }],
  receipt: '17',
  update: {
    answers: [{ status: 200, body: '{"id":41,"success":true}' }],
    requests: [
      {
        method: 'POST',
        path: '/rest/artifact',
        headers,
        json: { container_id: 17, ...artifact(sampleUpdate), run_automation: true },
      },
    ],
  },
  largestBody: 450_000,
})

async function send(answers: readonly Answer[], message = messageOf(sampleAlert)) {
  await using server = await startServer(answers)
  const output = phantom.create(phantom.config.parse({ url: server.url, token: 't0k3n' }), createOutputHost())
  const result = await output.send(message, AbortSignal.timeout(10_000)).catch((error: unknown) => error)
  return { result, requests: server.requests }
}

const none = { status: 200, body: '{"data":[]}' }

test('a container that is there already is taken', async () => {
  const { result, requests } = await send([{ status: 200, body: '{"data":[{"id":5}]}' }])
  expect(result).toBe('5')
  expect(requests).toHaveLength(1)
  const duplicate = { status: 400, body: '{"failed":true,"message":"duplicate","existing_container_id":6}' }
  expect((await send([none, duplicate])).result).toBe('6')
})

test('an update that came before adds no second artifact', async () => {
  const exists = { status: 400, body: '{"failed":true,"message":"artifact already exists","existing_artifact_id":41}' }
  const { result } = await send([exists], { ...messageOf(sampleUpdate), earlier: '17' })
  expect(result).toBe('17')
})

test('a failure of status 200 is an error', async () => {
  const { result } = await send([none, { status: 200, body: '{"failed":true,"message":"label is unknown"}' }])
  expect(result).toMatchObject({
    code: 'OUTPUT_REJECTED',
    message: 'Splunk SOAR refuses the container: label is unknown',
  })
})
