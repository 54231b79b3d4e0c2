import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import kinesalite from 'kinesalite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PullSource } from '../../core/contracts/index.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { createSourceEngine, type SourceEngine } from '../../testing/source-engine.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { awsKinesis } from './index.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
let server: Server
let endpoint: string
let kinesis: Kinesis
beforeAll(async () => {
  server = kinesalite({ createStreamMs: 0, updateStreamMs: 0, shardLimit: 100 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  kinesis = new Kinesis({
    ...{ endpoint, region: 'us-east-1', credentials: { ...credentials } },
    requestHandler: new NodeHttpHandler(),
  })
})
afterAll(async () => {
  kinesis.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function isActive(stream: string): Promise<void> {
  const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName: stream })
  if (StreamDescriptionSummary?.StreamStatus !== 'ACTIVE') {
    await new Promise((resolve) => setTimeout(resolve, 5))
    await isActive(stream)
  }
}

async function makeStream(shards = 1) {
  const stream = `s-${randomUUID()}`
  await kinesis.createStream({ StreamName: stream, ShardCount: shards })
  await isActive(stream)
  const open = (state: SourceEngine['state'], more: Record<string, unknown> = {}) => {
    const options = {
      stream,
      endpoint,
      region: 'us-east-1',
      credentials: { ...credentials },
      lease: '1s',
      listEvery: '1s',
    }
    const host = createSourceHost({ name: 'aws-kinesis:test', projectDir: '/nonexistent', state })
    return awsKinesis.create(awsKinesis.config.parse({ ...options, ...more }), host) as PullSource
  }
  const put = async (texts: readonly string[]) => {
    const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text }))
    await kinesis.putRecords({ StreamName: stream, Records })
  }
  return { stream, open, put }
}

sourceContract('aws-kinesis', async () => makeStream(2), { workers: true })

test('shards that are split and merged are read before those that follow from them', async () => {
  const { stream, open, put } = await makeStream(1)
  const engine = createSourceEngine()
  await put(['one', 'two'])
  const middle = (2n ** 127n).toString()
  await kinesis.splitShard({ StreamName: stream, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: middle })
  await isActive(stream)
  await put(['three', 'four', 'five', 'six'])
  await kinesis.mergeShards({
    ...{ StreamName: stream, ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' },
  })
  await isActive(stream)
  await put(['seven'])
  await engine.run(open(engine.state), { once: true })
  const texts = engine.taken.map(({ text }) => text)
  expect(texts.slice(0, 2)).toEqual(['one', 'two'])
  expect(texts.slice(2, 6).toSorted()).toEqual(['five', 'four', 'six', 'three'])
  expect(texts.slice(6)).toEqual(['seven'])
  const places = (await engine.state.list('aws-kinesis:test/shard/')).map(({ value }) => value)
  expect(places).toEqual(['end', 'end', 'end', expect.stringMatching(/^\d+$/)])
})

test('what is newest alone, or from a time on', async () => {
  const { open, put } = await makeStream()
  const engine = createSourceEngine()
  await put(['old'])
  await engine.run(open(engine.state, { start: 'latest' }), { once: true })
  expect(engine.taken).toEqual([])
  await engine.run(open(engine.state, { start: new Date(Date.now() - 60_000).toISOString() }), { once: true })
  expect(engine.taken.map(({ text }) => text)).toEqual(['old'])
})

test('a stream that is not there is said to a person', async () => {
  const { open } = await makeStream()
  const engine = createSourceEngine()
  await expect(engine.run(open(engine.state, { stream: 'none' }), { once: true })).rejects.toMatchObject({
    code: 'SOURCE_MISCONFIGURED',
  })
})
