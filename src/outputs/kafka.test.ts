import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Message } from '../core/contracts/index.ts'
import { publish } from '../core/publish.ts'
import { startKafkaBroker } from '../testing/kafka/broker.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { largeAlert, messageOf, sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import { untrustedCertificate } from '../testing/untrusted-certificate.ts'
import kafka from './kafka.ts'

const projectDir = mkdtempSync(join(tmpdir(), 'streamalert-kafka-'))
writeFileSync(join(projectDir, 'ca.pem'), untrustedCertificate)
afterAll(() => rmSync(projectDir, { recursive: true }))

const password = 'a-password-nobody-knows'
const topics = { alerts: 3 }
const sasl = { mechanism: 'PLAIN', username: 'alerts', password: 'secret:PASSWORD' }
const later = { code: 'OUTPUT_UNAVAILABLE', retry: 'later' }

/** Sends messages one after another by one output. */
async function send(
  address: string,
  more: object,
  messages: readonly Message[] = [messageOf(sampleAlert)],
  timeoutMs = 10_000,
) {
  const host = createOutputHost({ secrets: { PASSWORD: password, OTHER: 'another-password' }, projectDir })
  const output = kafka.create(kafka.config.parse({ brokers: [address], topic: 'alerts', ...more }), host)
  try {
    for (const message of messages) await output.send(message, AbortSignal.timeout(timeoutMs))
  } finally {
    await output.close?.()
  }
}

test('alerts are stored under their ids, encrypted, after a password; updates with their alerts', async () => {
  await using broker = await startKafkaBroker({ topics, tls: true, user: { username: 'alerts', password } })
  const large = { ...largeAlert(), id: 'b2' }
  await send(
    broker.address,
    { ca: 'ca.pem', sasl, maxBytes: 100_000 },
    [sampleAlert, sampleAlert, sampleUpdate, large].map(messageOf),
  )
  const [first, again, update, cut] = broker.records
  expect(first).toMatchObject({
    topic: 'alerts',
    key: sampleAlert.id,
    headers: { id: sampleAlert.id, rule: 'sudo-in-pci', severity: 'high', 'content-type': 'application/json' },
  })
  expect(JSON.parse(first?.value ?? '')).toEqual(publish(sampleAlert))
  expect(again).toEqual(first)
  expect(update).toMatchObject({ key: sampleAlert.id, partition: first?.partition, headers: { id: sampleUpdate.id } })
  expect(Buffer.byteLength(cut?.value ?? '')).toBeLessThanOrEqual(100_000)
  expect(JSON.parse(cut?.value ?? '')).toMatchObject({
    id: 'b2',
    streamalert_cut: 'Cut to fit. The whole: streamalert alerts show b2',
  })
})

test('a wrong password waits for a person, and is not told', async () => {
  await using broker = await startKafkaBroker({ topics, user: { username: 'alerts', password } })
  const wrong = { tls: false, sasl: { ...sasl, password: 'secret:OTHER' } }
  const error = await send(broker.address, wrong).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'OUTPUT_MISCONFIGURED', retry: 'never' })
  expect(String(error)).not.toContain('another-password')
  expect(broker.records).toEqual([])
})

test('a server whose certificate nobody vouches for gets nothing', async () => {
  await using broker = await startKafkaBroker({ topics, tls: true })
  await expect(send(broker.address, {})).rejects.toMatchObject({
    ...later,
    message: expect.stringMatching(/certificate/) as string,
  })
  expect(broker.records).toEqual([])
})

test('a topic that is not there, a broker that is gone, no answer: later', async () => {
  const broker = await startKafkaBroker({ topics: {} })
  await expect(send(broker.address, { tls: false })).rejects.toMatchObject({
    ...later,
    hint: 'Is there a topic of that name?',
  })
  await broker[Symbol.asyncDispose]()
  await expect(send(broker.address, { tls: false })).rejects.toMatchObject(later)
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  await expect(send(`127.0.0.1:${port}`, { tls: false }, undefined, 60)).rejects.toMatchObject(later)
  silent.close()
})

test('a broker that was away is found again', async () => {
  const before = await startKafkaBroker({ topics })
  const config = kafka.config.parse({ brokers: [before.address], topic: 'alerts', tls: false })
  const output = kafka.create(config, createOutputHost())
  const sendOnce = () => output.send(messageOf(sampleAlert), AbortSignal.timeout(10_000))
  await sendOnce()
  await before[Symbol.asyncDispose]()
  await expect(sendOnce()).rejects.toMatchObject(later)
  await using after = await startKafkaBroker({ topics, port: Number(before.address.split(':')[1]) })
  await sendOnce()
  expect([before.records.length, after.records.length]).toEqual([1, 1])
  await output.close?.()
})

test.each([
  [6, 'OUTPUT_UNAVAILABLE', 'later'],
  [10, 'OUTPUT_REJECTED', 'never'],
  [29, 'OUTPUT_MISCONFIGURED', 'never'],
] as const)('a broker that answers error %d', async (produceError, code, retry) => {
  await using broker = await startKafkaBroker({ topics, produceError })
  await expect(send(broker.address, { tls: false })).rejects.toMatchObject({ code, retry })
})

test.each([{ brokers: ['kafka://host:9092'] }, { brokers: ['host'] }, { topic: 'a b' }, { sasl: { username: 'x' } }])(
  '%j is refused',
  (more) => {
    expect(kafka.config.safeParse({ brokers: ['host:9092'], topic: 'alerts', ...more }).success).toBe(false)
  },
)
