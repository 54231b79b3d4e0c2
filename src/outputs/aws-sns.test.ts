import { startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { awsOutputContract, sendByAws, testAws } from '../testing/aws-output-contract.ts'
import { largeAlert, messageOf, sampleAlert } from '../testing/sample-alert.ts'
import sns from './aws-sns.ts'

let server: Awaited<ReturnType<typeof startFauxqs>>
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
})
afterAll(() => server.stop())

awsOutputContract(sns, (url) => ({ topic: 'arn:aws:sns:us-east-1:000000000000:alerts', ...testAws(url) }))

const configOf = (topic: string) => ({
  topic: `arn:aws:sns:us-east-1:000000000000:${topic}`,
  ...testAws(server.address),
})

/** A topic, with a queue of the same name that gets what is published. */
function createTopic(name: string, attributes: Record<string, string> = {}): void {
  server.createTopic(name, { attributes })
  server.createQueue(name, { attributes })
  server.subscribe({ topic: name, queue: name })
}

interface Notification {
  readonly Subject: string
  readonly Message: string
  readonly MessageAttributes: Readonly<Record<string, { readonly Value: string }>>
}
const notificationsIn = (queue: string) =>
  server.inspectQueue(queue)?.messages.ready.map(({ body }) => JSON.parse(body) as Notification) ?? []

test('subscribers get the alert in words that publishers may change', async () => {
  createTopic('alerts')
  const { alert, publication } = messageOf(sampleAlert)
  await sendByAws(sns, configOf('alerts'))
  const words = { '@aws-sns.topic': `\n Größe 😀 ${'x'.repeat(200)}`, '@aws-sns.message': 'Look\u0000!' }
  await sendByAws(sns, configOf('alerts'), { alert, publication: { ...publication, ...words } })
  const [own, changed] = notificationsIn('alerts')
  expect(own?.Subject).toBe(`sudo-in-pci triggered alert ${sampleAlert.id}`)
  expect(own?.Message).toBe(JSON.stringify(publish(sampleAlert), null, 2))
  expect(own?.MessageAttributes).toMatchObject({
    alert: { Value: sampleAlert.id },
    rule: { Value: 'sudo-in-pci' },
    severity: { Value: 'high' },
  })
  expect(changed?.Subject).toMatch(/^Gro\?e \? x+\.\.\.$/)
  expect(changed?.Subject).toHaveLength(99)
  expect(changed?.Message).toBe('Look\ufffd!')
})

test('an alert that is too large is cut, and says where the whole is', async () => {
  createTopic('large')
  await sendByAws(sns, configOf('large'), messageOf(largeAlert()))
  const [{ Message } = { Message: '' }] = notificationsIn('large')
  expect(Buffer.byteLength(Message)).toBeLessThanOrEqual(262_144)
  expect(JSON.parse(Message)).toMatchObject({
    id: sampleAlert.id,
    streamalert_cut: `Cut to fit. The whole: streamalert alerts show ${sampleAlert.id}`,
  })
})

test('a FIFO topic passes a repeated alert on once', async () => {
  createTopic('alerts.fifo', { FifoQueue: 'true', FifoTopic: 'true' })
  await sendByAws(sns, configOf('alerts.fifo'))
  await sendByAws(sns, configOf('alerts.fifo'))
  expect(notificationsIn('alerts.fifo')).toHaveLength(1)
})

test('a topic that is not there waits for a person', async () => {
  await expect(sendByAws(sns, configOf('nowhere'))).rejects.toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    retry: 'never',
  })
})
