import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { S3 } from '@aws-sdk/client-s3'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SourceCount } from '../../core/component.ts'
import type { LogLine, PullSource } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { startServer } from '../../testing/http-server.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { createSourceEngine, type SourceEngine } from '../../testing/source-engine.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { awsS3 } from './index.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
let server: FauxqsServer
let s3: S3
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
  const endpoint = `http://127.0.0.1:${server.port}`
  s3 = new S3({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { ...credentials } })
})
afterAll(async () => {
  s3.destroy()
  await server.stop()
})

/** A bucket, a queue that announces its objects, and sources over both. */
async function makePlace() {
  const bucket = `b-${randomUUID()}`
  server.createBucket(bucket)
  const { queueUrl: queue, queueName } = server.createQueue(`q-${randomUUID()}`)
  const lines: LogLine[] = []
  const counts = new Map<SourceCount, number>()
  const open = (state: SourceEngine['state'], options: Record<string, unknown>) => {
    const endpoint = `http://127.0.0.1:${server.port}`
    const common = { endpoint, queueEndpoint: endpoint, region: 'us-east-1', credentials, pathStyle: true }
    const config = awsS3.config.parse({ ...common, waitSeconds: 0, visibilitySeconds: 1, every: '1s', ...options })
    const host = createSourceHost({ name: 'aws-s3:test', projectDir: '/nonexistent', state, lines, counts })
    return awsS3.create(config, host) as PullSource
  }
  const put = (key: string, body: string | Uint8Array) =>
    s3.putObject({ Bucket: bucket, Key: key, Body: body, ContentLength: body.length })
  const announce = (key: string, size: number, etag = '') => {
    const object = { key: encodeURIComponent(key).replaceAll('%20', '+'), size, eTag: etag.replaceAll('"', '') }
    const event = {
      eventName: 'ObjectCreated:Put',
      eventTime: '2026-02-03T10:02:12Z',
      s3: { bucket: { name: bucket }, object },
    }
    server.sendMessage(queueName, JSON.stringify({ Records: [event] }))
  }
  const putAndAnnounce = async (key: string, body: string | Uint8Array, size = body.length) => {
    announce(key, size, (await put(key, body)).ETag)
  }
  const overQueue = (state: SourceEngine['state']) => open(state, { queue })
  const overBucket = (state: SourceEngine['state'], more = {}) => open(state, { bucket, ...more })
  const isEmpty = () => {
    const messages = server.inspectQueue(queueName)!.messages
    return messages.ready.length + messages.inflight.length + messages.delayed.length === 0
  }
  const send = (text: string) => void server.sendMessage(queueName, text)
  return { bucket, queue, lines, counts, put, announce, putAndAnnounce, send, open, overQueue, overBucket, isEmpty }
}

let number = 0
const nextKey = () => `logs/${String(number++).padStart(6, '0')} a+b.log`
const linesOf = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('')

for (const [how, size] of [
  ['small', undefined],
  ['as if large', 100_000_000],
] as const) {
  sourceContract(
    `aws-s3, announced, ${how}`,
    async () => {
      const { overQueue, putAndAnnounce } = await makePlace()
      return { open: overQueue, put: async (texts) => putAndAnnounce(nextKey(), gzipSync(linesOf(texts)), size) }
    },
    { decoders, workers: size === undefined },
  )
}

sourceContract(
  'aws-s3, found',
  async () => {
    const { overBucket, put } = await makePlace()
    return { open: overBucket, put: async (texts) => void (await put(nextKey(), linesOf(texts))) }
  },
  { decoders },
)

test.each([
  ['plain', (text: string) => Buffer.from(text)],
  ['gzip', (text: string) => gzipSync(text)],
])('a large %s object goes on where it was after a restart', async (_, stored) => {
  const place = await makePlace()
  const engine = createSourceEngine(decoders)
  await place.putAndAnnounce('large.log', stored('head\none\ntwo\nthree\n'), 100_000_000)
  await engine.run(place.overQueue(engine.state), { verdict: () => ({ take: 2 }), done: () => true })
  await engine.run(place.overQueue(engine.state), { once: true })
  expect(engine.taken.map(({ text }) => text)).toEqual(['head', 'one', 'two', 'three'])
  expect(engine.seen.map(({ offset, firstLine }) => [offset, firstLine])).toEqual([
    [undefined, undefined],
    [9, 'head'],
  ])
  expect(await engine.state.list('')).toEqual([])
})

test('empty, gone and overwritten objects are told apart', async () => {
  const place = await makePlace()
  const engine = createSourceEngine(decoders)
  await place.putAndAnnounce('empty.log', '')
  place.announce('gone.log', 100)
  place.announce('gone-large.log', 100_000_000)
  const { ETag } = await place.put('again.log', 'first\n')
  await place.put('again.log', 'second\n')
  place.announce('again.log', 6, ETag)
  await engine.run(place.overQueue(engine.state), { once: true })
  expect(engine.taken).toEqual([])
  expect(place.isEmpty()).toBe(true)
  expect(place.counts.get('dropped')).toBe(3)
  expect(place.lines.map(({ code, message }) => `${code} ${message.split('/').at(-1)}`).toSorted()).toEqual([
    'SOURCE_CHANGED again.log is gone, or was overwritten: what it held was not read.',
    'SOURCE_CHANGED gone-large.log is gone, or was overwritten: what it held was not read.',
    'SOURCE_CHANGED gone.log is gone, or was overwritten: what it held was not read.',
  ])
})

test('an object that may not be read stays in the queue, and is said to a person', async () => {
  const place = await makePlace()
  const engine = createSourceEngine(decoders)
  const denied = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
  await using store = await startServer([{ status: 403, headers: { 'content-type': 'application/xml' }, body: denied }])
  place.announce('secret.log', 10)
  const said: unknown[] = []
  await engine.run(place.open(engine.state, { queue: place.queue, endpoint: store.url }), {
    verdict: async ({ body }) => {
      const chunks = body()[Symbol.asyncIterator]()
      await chunks.next().catch((error: unknown) => said.push(error))
      return 'refuse' as const
    },
    done: () => true,
  })
  expect(said).toMatchObject([{ code: 'SOURCE_MISCONFIGURED', message: 'AWS: AccessDenied: Access Denied (403)' }])
  expect(place.isEmpty()).toBe(false)
})

test('a message that announces no object goes the way of records; keys that are left out are not read', async () => {
  const place = await makePlace()
  const engine = createSourceEngine(decoders)
  place.send('not an announcement')
  place.send('{"Event":"s3:TestEvent"}')
  await engine.run(place.overQueue(engine.state), { once: true })
  expect(engine.taken.map(({ text }) => text)).toEqual(['not an announcement'])
  await place.put('a/digest/x.json', 'digest\n')
  await place.put('a/logs/x.json', 'log\n')
  await place.put('a/logs/x.txt', 'text\n')
  await engine.run(place.overBucket(engine.state, { include: ['*.json'], exclude: ['*/digest/*'] }), { once: true })
  expect(engine.taken.map(({ text }) => text)).toEqual(['not an announcement', 'log'])
})

test('looking through a bucket again reads only what is new, and what was overwritten', async () => {
  const place = await makePlace()
  const engine = createSourceEngine(decoders)
  await place.put('b.log', 'b\n')
  await place.put('d.log', 'd\n')
  await engine.run(place.overBucket(engine.state), { once: true })
  await place.put('a.log', 'a\n')
  await place.put('d.log', 'd2\n')
  await engine.run(place.overBucket(engine.state), { once: true })
  expect(engine.seen).toHaveLength(4)
  expect(engine.taken.map(({ text }) => text)).toEqual(['b', 'd', 'a', 'd2'])
})
