import { randomUUID } from 'node:crypto'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LogLine, PullSource } from '../../core/contracts/index.ts'
import { type NatsServer, noNats, startNats } from '../../testing/nats-server.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { createSourceEngine, type SourceEngine } from '../../testing/source-engine.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { nats } from './index.ts'

const password = 'a-password-nobody-knows'

if (noNats) process.stderr.write(`The tests of the source nats with a real server are skipped: ${noNats}.\n`)

describe.skipIf(noNats)('with a real server', () => {
  let server: NatsServer
  let client: NatsConnection
  beforeAll(async () => {
    server = await startNats(password)
    client = await connect({
      ...{ servers: server.address, user: 'alerts', pass: password },
      tls: { caFile: `${server.folder}/ca.pem` },
    })
  })
  afterAll(async () => {
    await client?.close()
    await server?.[Symbol.asyncDispose]()
  })

  const managed = () => jetstreamManager(client)

  async function makeStream(name: string = randomUUID()) {
    await (await managed()).streams.add({ name, subjects: [`${name}.>`], storage: 'memory' })
    const publish = (text: string | Uint8Array, subject = 'log') =>
      jetstream(client).publish(`${name}.${subject}`, text)
    const open = (state: SourceEngine['state'], more: object = {}, lines: LogLine[] = []) => {
      const account = { username: 'alerts', password: 'secret:PASSWORD', ca: 'ca.pem' }
      const options = { servers: [server.address], stream: name, ackWait: '1s', ...account, ...more }
      const secrets = { PASSWORD: password, OTHER: 'another-password' }
      const host = createSourceHost({ name: 'nats:contract', projectDir: server.folder, state, secrets, lines })
      return nats.create(nats.config.parse(options), host) as PullSource
    }
    return { name, open, publish }
  }

  sourceContract(
    'nats',
    async () => {
      const { open, publish } = await makeStream()
      return { open, put: async (texts) => void (await Promise.all(texts.map((text) => publish(text)))) }
    },
    { workers: true },
  )

  test('nothing is left to acknowledge; positions and times are those of the stream', async () => {
    const stream = await makeStream()
    const engine = createSourceEngine()
    const before = Date.now()
    for (const text of ['one', 'two']) await stream.publish(text)
    await engine.run(stream.open(engine.state), { once: true })
    const [one, two] = engine.taken
    expect(one).toMatchObject({ text: 'one', position: `nats/${stream.name}/1@${one?.receivedAt}#0` })
    expect(two).toMatchObject({ text: 'two', position: `nats/${stream.name}/2@${two?.receivedAt}#0` })
    expect(one?.receivedAt).toBeGreaterThanOrEqual(before - 1)
    expect(one?.receivedAt).toBeLessThanOrEqual(Date.now() + 1)
    const { num_ack_pending, num_pending } = await (await managed()).consumers.info(stream.name, 'streamalert')
    expect({ num_ack_pending, num_pending }).toEqual({ num_ack_pending: 0, num_pending: 0 })
  })

  test('a stream made anew under its old name brings new records', async () => {
    const engine = createSourceEngine()
    const first = await makeStream()
    await first.publish('same')
    await engine.run(first.open(engine.state), { once: true })
    await (await managed()).streams.delete(first.name)
    const second = await makeStream(first.name)
    await second.publish('same')
    await engine.run(second.open(engine.state), { once: true })
    expect(engine.taken.map(({ text }) => text)).toEqual(['same', 'same'])
  })

  test('work that takes longer than the ack wait goes on undisturbed', async () => {
    const stream = await makeStream()
    const engine = createSourceEngine()
    await stream.publish('slow')
    const verdict = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      return 'take' as const
    }
    await engine.run(stream.open(engine.state), { once: true, verdict })
    expect(engine.seen).toHaveLength(1)
  })

  test('what a reader held that was killed, comes to the next', async () => {
    const stream = await makeStream()
    const engine = createSourceEngine()
    await stream.publish('held')
    // Takes the message and is never heard of again.
    await engine.run(stream.open(engine.state), { done: () => true, verdict: () => 'refuse' })
    const consumer = await jetstream(client).consumers.get(stream.name, 'streamalert')
    expect((await consumer.next({ expires: 5_000 }))?.string()).toBe('held')
    await engine.run(stream.open(engine.state), { once: true })
    expect(engine.taken.map(({ text }) => text)).toEqual(['held'])
  })

  test('a consumer that is made begins where it was told, and reads the subject it was told', async () => {
    const stream = await makeStream()
    const engine = createSourceEngine()
    const read = async (more: object) => {
      const from = engine.seen.length
      await engine.run(stream.open(engine.state, more), { once: true })
      return engine.seen.length - from
    }
    await stream.publish('a', 'firewall.eu')
    await stream.publish('b', 'proxy')
    expect(await read({ consumer: 'latest', start: 'latest' })).toBe(0)
    await stream.publish('c', 'firewall.us')
    expect(await read({ consumer: 'latest', start: 'latest' })).toBe(1)
    expect(await read({ consumer: 'part', subject: `${stream.name}.firewall.*` })).toBe(2)
    expect(await read({ consumer: 'future', start: '2100-01-01T00:00:00Z' })).toBe(0)
    await expect(read({ consumer: 'part', subject: `${stream.name}.proxy` })).rejects.toMatchObject({
      code: 'SOURCE_MISCONFIGURED',
      message: expect.stringContaining(`it reads "${stream.name}.firewall.*"`) as string,
    })
  })

  test('a consumer of another kind, and a stream that is not there, are said to a person', async () => {
    const stream = await makeStream()
    const engine = createSourceEngine()
    const run = (more: object) => engine.run(stream.open(engine.state, more), { once: true })
    await (await managed()).consumers.add(stream.name, { durable_name: 'unacknowledged', ack_policy: 'none' })
    await expect(run({ consumer: 'unacknowledged' })).rejects.toMatchObject({ code: 'SOURCE_MISCONFIGURED' })
    await expect(run({ stream: 'nothing' })).rejects.toMatchObject({ code: 'SOURCE_MISCONFIGURED' })
    const wrong = await run({ password: 'secret:OTHER' }).catch((thrown: unknown) => thrown)
    expect(wrong).toMatchObject({ code: 'SOURCE_MISCONFIGURED' })
    expect(String(wrong)).not.toContain('another-password')
    await expect(run({ ca: undefined })).rejects.toMatchObject({ code: 'SOURCE_FAILED', retry: 'later' })
  })

  test('a server that goes away ends the reading for now; one that never was there, too', async () => {
    const other = await startNats(password)
    const engine = createSourceEngine()
    const stream = await makeStream()
    const servers = [other.address]
    const elsewhere = await connect({
      ...{ servers, user: 'alerts', pass: password },
      tls: { caFile: `${other.folder}/ca.pem` },
    })
    await (await jetstreamManager(elsewhere)).streams.add({ name: stream.name, subjects: ['x'], storage: 'memory' })
    await jetstream(elsewhere).publish('x', 'one')
    await elsewhere.close()
    const verdict = async () => {
      await other[Symbol.asyncDispose]()
      return 'take' as const
    }
    const later = { code: 'SOURCE_FAILED', retry: 'later' }
    const lines: LogLine[] = []
    await expect(engine.run(stream.open(engine.state, { servers }, lines), { verdict })).rejects.toMatchObject(later)
    expect(lines).toMatchObject([{ level: 'warn', code: 'SOURCE_FAILED' }])
    await expect(engine.run(stream.open(engine.state, { servers }))).rejects.toMatchObject(later)
  })
})

test.each([
  [{}, true],
  [{ subject: 'logs.*.eu.>' }, true],
  [{ subject: 'a b' }, false],
  [{ start: 'yesterday' }, false],
  [{ consumer: 'a.b' }, false],
  [{ username: 'x' }, false],
])('%j is a configuration: %s', (more, ok) => {
  expect(nats.config.safeParse({ servers: ['a:4222'], stream: 'logs', ...more }).success).toBe(ok)
})
