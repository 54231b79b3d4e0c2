import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Producer, stringSerializers } from '@platformatic/kafka'
import { afterAll, expect, test, vi } from 'vitest'
import type { PullSource } from '../../core/contracts/index.ts'
import { type KafkaBroker, startKafkaBroker } from '../../testing/kafka/broker.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { createSourceEngine, type SourceEngine } from '../../testing/source-engine.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { untrustedCertificate } from '../../testing/untrusted-certificate.ts'
import { kafka } from './index.ts'

const projectDir = mkdtempSync(join(tmpdir(), 'streamalert-kafka-'))
writeFileSync(join(projectDir, 'ca.pem'), untrustedCertificate)
afterAll(() => rmSync(projectDir, { recursive: true }))

const password = 'a-password-nobody-knows'
const secrets = { PASSWORD: password, OTHER: 'another-password' }

function openSource({ address }: { address: string }, state: SourceEngine['state'], more: object = {}) {
  const host = createSourceHost({ name: 'kafka:contract', projectDir, state, secrets })
  const options = { brokers: [address], topic: 'logs', tls: false, ...more }
  return kafka.create(kafka.config.parse(options), host) as PullSource
}

/** Puts texts into the partitions, one after another. */
async function produce({ address }: KafkaBroker, texts: readonly string[], partitions = 2) {
  const producer = new Producer({ clientId: 'test', bootstrapBrokers: [address], serializers: stringSerializers })
  const messages = texts.map((value, n) => ({ topic: 'logs', value, partition: n % partitions }))
  await producer.send({ messages, acks: -1 })
  await producer.close()
}

sourceContract(
  'kafka',
  async () => {
    const broker = await startKafkaBroker({ topics: { logs: 2 } })
    return {
      open: (state) => openSource(broker, state),
      put: (texts) => produce(broker, texts),
      close: async () => broker[Symbol.asyncDispose](),
    }
  },
  { workers: true },
)

test('offsets are committed up to what is durable; positions and times are those of the partition', async () => {
  await using broker = await startKafkaBroker({ topics: { logs: 2 } })
  const engine = createSourceEngine()
  await produce(broker, ['a', 'b', 'c', 'd', 'e'])
  await engine.run(openSource(broker, engine.state), { once: true })
  expect([...broker.committed]).toEqual([
    ['streamalert logs:0', 3n],
    ['streamalert logs:1', 2n],
  ])
  const [first] = engine.taken
  expect(first).toMatchObject({ text: 'a', position: `kafka/logs/0/0@${first?.receivedAt}#0` })
})

test('a record that fails holds back its partition, and no other', async () => {
  await using broker = await startKafkaBroker({ topics: { logs: 2 } })
  const engine = createSourceEngine()
  await produce(broker, ['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
  const verdict = ({ origin }: { origin: string }) => (origin.startsWith('kafka/logs/0/1@') ? 'refuse' : 'take')
  await engine.run(openSource(broker, engine.state), { verdict, done: () => broker.committed.size === 2 })
  expect(Object.fromEntries(broker.committed)).toEqual({ 'streamalert logs:0': 1n, 'streamalert logs:1': 3n })
})

test('when a member joins, what the other had not stored is read by whoever has its partition', async () => {
  await using broker = await startKafkaBroker({ topics: { logs: 2 } })
  const engine = createSourceEngine()
  const texts = Array.from({ length: 40 }, (_, n) => `record ${n}`)
  await produce(broker, texts)
  const ended = new AbortController()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  // The first takes what it has only when both are members.
  const verdict = async () => {
    await released
    return 'take' as const
  }
  const one = engine.run(openSource(broker, engine.state), { signal: ended.signal, verdict })
  await vi.waitFor(() => expect(engine.seen).toHaveLength(1), 10_000)
  const other = createSourceEngine()
  const two = other.run(openSource(broker, other.state), { signal: ended.signal })
  await vi.waitFor(() => expect(other.taken).toHaveLength(20), 10_000)
  release()
  await vi.waitFor(() => expect(broker.committed.size).toBe(2), 10_000)
  ended.abort()
  await Promise.all([one, two])
  expect(new Set([...engine.taken, ...other.taken].map(({ text }) => text))).toEqual(new Set(texts))
  expect([...broker.committed.values()]).toEqual([20n, 20n])
})

test('a group that begins with the latest leaves what was there', async () => {
  await using broker = await startKafkaBroker({ topics: { logs: 1 } })
  const engine = createSourceEngine()
  await produce(broker, ['old'], 1)
  await engine.run(openSource(broker, engine.state, { start: 'latest' }), { once: true })
  expect(engine.taken).toEqual([])
  await engine.run(openSource(broker, engine.state, { group: 'another' }), { once: true })
  expect(engine.taken.map(({ text }) => text)).toEqual(['old'])
})

test('encrypted, after a password; a wrong one waits for a person, and is not told', async () => {
  await using broker = await startKafkaBroker({ topics: { logs: 1 }, tls: true, user: { username: 'u', password } })
  const sasl = { mechanism: 'PLAIN', username: 'u', password: 'secret:PASSWORD' }
  const engine = createSourceEngine()
  const run = (more: object) =>
    engine.run(openSource(broker, engine.state, { tls: true, ca: 'ca.pem', sasl, ...more }), { once: true })
  await run({})
  const wrong = await run({ sasl: { ...sasl, password: 'secret:OTHER' } }).catch((thrown: unknown) => thrown)
  expect(wrong).toMatchObject({ code: 'SOURCE_MISCONFIGURED' })
  expect(String(wrong)).not.toContain('another-password')
  await expect(run({ ca: undefined })).rejects.toMatchObject({ code: 'SOURCE_FAILED', retry: 'later' })
})

test('a topic or a broker that is not there: later', async () => {
  const broker = await startKafkaBroker({ topics: {} })
  const engine = createSourceEngine()
  const run = () => engine.run(openSource(broker, engine.state), { once: true })
  await expect(run()).rejects.toMatchObject({ code: 'SOURCE_FAILED', retry: 'later' })
  await broker[Symbol.asyncDispose]()
  await expect(run()).rejects.toMatchObject({ code: 'SOURCE_FAILED', retry: 'later' })
})
