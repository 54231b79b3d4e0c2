import { once } from 'node:events'
import { createServer } from 'node:net'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../core/contracts/index.ts'
import { publish } from '../core/publish.ts'
import { type NatsServer, noNats, startNats } from '../testing/nats-server.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { largeAlert, messageOf, sampleAlert } from '../testing/sample-alert.ts'
import nats from './nats.ts'

const password = 'a-password-nobody-knows'
const account = { username: 'alerts', password: 'secret:PASSWORD', ca: 'ca.pem' }

/** Sends messages one after another by one output. */
async function send(config: unknown, messages: readonly Message[], projectDir = '/nonexistent', timeoutMs = 10_000) {
  const host = createOutputHost({ secrets: { PASSWORD: password, OTHER: 'another-password' }, projectDir })
  const output = nats.create(nats.config.parse(config), host)
  try {
    for (const message of messages) await output.send(message, AbortSignal.timeout(timeoutMs))
  } finally {
    await output.close?.()
  }
}

if (noNats) process.stderr.write(`The tests of the output nats with a real server are skipped: ${noNats}.\n`)

describe.skipIf(noNats)('with a real server', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await startNats(password)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const configOf = (more: object = {}) => ({
    servers: [`nats://${server.address}`],
    subject: 'security.alerts',
    ...account,
    ...more,
  })
  const open = () =>
    connect({ servers: server.address, user: 'alerts', pass: password, tls: { caFile: `${server.folder}/ca.pem` } })

  test('a stream holds each alert once, however large and however often it is sent', async () => {
    const client = await open()
    await expect(send(configOf(), [messageOf(sampleAlert)], server.folder)).rejects.toMatchObject({
      code: 'OUTPUT_UNAVAILABLE',
      retry: 'later',
      hint: 'Is there a stream that takes the subject?',
    })
    const manager = await jetstreamManager(client)
    await manager.streams.add({ name: 'alerts', subjects: ['security.>'] })
    const large = { ...largeAlert(4), id: 'b2' }
    await send(configOf(), [sampleAlert, sampleAlert, large].map(messageOf), server.folder)
    expect((await manager.streams.info('alerts')).state.messages).toBe(2)
    const stream = await jetstream(client).streams.get('alerts')
    const [first, second] = [await stream.getMessage({ seq: 1 }), await stream.getMessage({ seq: 2 })]
    expect(first?.header.get('Nats-Msg-Id')).toBe(sampleAlert.id)
    expect(first?.json()).toEqual(publish(sampleAlert))
    expect(second?.json()).toMatchObject({
      id: 'b2',
      streamalert_cut: 'Cut to fit. The whole: streamalert alerts show b2',
    })
    await client.close()
  })

  test('whoever listens gets it without a stream', async () => {
    const client = await open()
    const subscription = client.subscribe('plain')
    await client.flush()
    await send(configOf({ subject: 'plain', jetstream: false }), [messageOf(sampleAlert)], server.folder)
    for await (const message of subscription) {
      expect(message.json()).toEqual(publish(sampleAlert))
      break
    }
    await client.close()
  })

  test('a server that was away is found again', async () => {
    const before = await startNats(password)
    const config = { servers: [before.address], subject: 'plain', jetstream: false, ...account }
    const host = createOutputHost({ secrets: { PASSWORD: password }, projectDir: server.folder })
    const output = nats.create(nats.config.parse(config), host)
    const sendOnce = () => output.send(messageOf(sampleAlert), AbortSignal.timeout(10_000))
    await sendOnce()
    await before[Symbol.asyncDispose]()
    await expect(sendOnce()).rejects.toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
    await using _after = await startNats(password, Number(before.address.split(':')[1]))
    await sendOnce()
    await output.close?.()
  })

  test('a wrong password waits for a person, and is not told', async () => {
    const error = await send(configOf({ password: 'secret:OTHER' }), [messageOf(sampleAlert)], server.folder).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'OUTPUT_MISCONFIGURED', retry: 'never' })
    expect(String(error)).not.toContain('another-password')
  })

  test('a server whose certificate nobody vouches for gets nothing', async () => {
    await expect(send(configOf({ ca: undefined }), [messageOf(sampleAlert)])).rejects.toMatchObject({
      code: 'OUTPUT_UNAVAILABLE',
      retry: 'later',
      message: expect.stringMatching(/certificate/) as string,
    })
  })
})

/** A server that greets so, and notes what it gets. */
async function startGreeter(greeting: string) {
  const got: string[] = []
  const server = createServer((socket) => {
    socket.on('data', (chunk) => got.push(chunk.toString())).on('error', () => {})
    socket.write(greeting)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    server,
    got,
    config: { servers: [`127.0.0.1:${port}`], subject: 'alerts', username: 'alerts', password: 'secret:PASSWORD' },
  }
}

test('a server that offers no encryption is told nothing', async () => {
  const info = { server_id: 'x', version: '2.9.0', proto: 1, max_payload: 1_048_576, headers: true }
  const { server, got, config } = await startGreeter(`INFO ${JSON.stringify(info)}\r\n`)
  await expect(send(config, [messageOf(sampleAlert)])).rejects.toMatchObject({ code: 'OUTPUT_UNAVAILABLE' })
  expect(got.join('')).toBe('')
  server.close()
})

test('nobody there, or no answer: later', async () => {
  const { server, config } = await startGreeter('')
  const later = { code: 'OUTPUT_UNAVAILABLE', retry: 'later' }
  await expect(send(config, [messageOf(sampleAlert)], undefined, 60)).rejects.toMatchObject(later)
  server.close()
  await expect(send(config, [messageOf(sampleAlert)])).rejects.toMatchObject(later)
})

test.each([
  [{}, true],
  [{ subject: 'a b' }, false],
  [{ subject: 'a.>' }, false],
  [{ servers: ['nats://user:pass@host'] }, false],
  [{ username: 'x' }, false],
  [{ token: 'x', credentials: 'y' }, false],
])('%j is a configuration: %s', (more, ok) => {
  expect(nats.config.safeParse({ servers: ['a:4222'], subject: 'alerts', ...more }).success).toBe(ok)
})
