import { startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { awsOutputContract, sendByAws, testAws } from '../testing/aws-output-contract.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import sqs from './aws-sqs.ts'

let server: Awaited<ReturnType<typeof startFauxqs>>
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
})
afterAll(() => server.stop())

awsOutputContract(sqs, (url) => ({ queue: `${url}/123456789012/alerts`, ...testAws(url) }))

const configOf = (queue: string) => ({
  queue: `${server.address}/000000000000/${queue}`,
  ...testAws(server.address),
})
const bodiesIn = (queue: string) => server.inspectQueue(queue)?.messages.ready.map(({ body }) => body) ?? []

test('a queue gets the alert, the record, or what a publisher made', async () => {
  server.createQueue('plain')
  const { alert, publication } = messageOf(sampleAlert)
  await sendByAws(sqs, configOf('plain'))
  await sendByAws(sqs, { ...configOf('plain'), payload: 'record' })
  await sendByAws(sqs, configOf('plain'), {
    alert,
    publication: { ...publication, '@aws-sqs.message_data': 'a\u0000\uffff' },
  })
  expect(bodiesIn('plain')).toEqual([
    JSON.stringify(publish(sampleAlert)),
    JSON.stringify(sampleAlert.record.data),
    'a\ufffd\ufffd',
  ])
})

test('an alert that is too large is cut, and says where the whole is', async () => {
  server.createQueue('large', { attributes: { MaximumMessageSize: '262144' } })
  // The emulator refuses characters beyond U+FFFF, which SQS takes.
  const record = { ...sampleAlert.record, data: { long: 'ä'.repeat(300_000), list: Array(50_000).fill('x') } }
  await sendByAws(sqs, configOf('large'), messageOf({ ...sampleAlert, record }))
  const [body = ''] = bodiesIn('large')
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(262_144)
  expect(JSON.parse(body)).toMatchObject({
    id: sampleAlert.id,
    streamalert_cut: `Cut to fit. The whole: streamalert alerts show ${sampleAlert.id}`,
  })
})

test('a FIFO queue holds a repeated alert once', async () => {
  server.createQueue('alerts.fifo', { attributes: { FifoQueue: 'true' } })
  const odd = messageOf({ ...sampleAlert, rule: 'okta/login from ünusual place' })
  await sendByAws(sqs, configOf('alerts.fifo'), odd)
  await sendByAws(sqs, configOf('alerts.fifo'), odd)
  expect(bodiesIn('alerts.fifo')).toHaveLength(1)
})

test('a queue that is not there waits for a person', async () => {
  await expect(sendByAws(sqs, configOf('nowhere'))).rejects.toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    retry: 'never',
  })
})
