import { randomUUID } from 'node:crypto'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PullSource } from '../core/contracts/index.ts'
import { sourceContract } from '../testing/source-contract.ts'
import { createSourceEngine, type SourceEngine } from '../testing/source-engine.ts'
import { createSourceHost } from '../testing/source-host.ts'
import { awsSqs } from './aws-sqs.ts'

let server: FauxqsServer
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
})
afterAll(() => server.stop())

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

function makeQueue() {
  const { queueUrl, queueName } = server.createQueue(`q-${randomUUID()}`)
  const open = (state: SourceEngine['state'], more: Record<string, unknown> = {}) => {
    const endpoint = `http://127.0.0.1:${server.port}`
    const options = {
      queue: queueUrl,
      waitSeconds: 0,
      visibilitySeconds: 1,
      endpoint,
      region: 'us-east-1',
      credentials,
    }
    const host = createSourceHost({ name: 'aws-sqs:contract', projectDir: '/nonexistent', state })
    return awsSqs.create(awsSqs.config.parse({ ...options, ...more }), host) as PullSource
  }
  return { name: queueName, open, put: (text: string) => void server.sendMessage(queueName, text) }
}

sourceContract(
  'aws-sqs',
  async () => {
    const { open, put } = makeQueue()
    return { open, put: async (texts) => texts.forEach(put) }
  },
  { workers: true },
)

test('a message is gone when it was taken, and back when it was not', async () => {
  const queue = makeQueue()
  const engine = createSourceEngine()
  queue.put('good')
  queue.put('bad')
  let refused = 0
  await engine.run(queue.open(engine.state), {
    once: true,
    verdict: async ({ body }) => {
      for await (const chunk of body()) if (Buffer.from(chunk).toString() === 'bad' && refused++ < 1) return 'refuse'
      return 'take'
    },
  })
  expect(engine.taken.map(({ text }) => text).toSorted()).toEqual(['bad', 'good'])
  expect(server.inspectQueue(queue.name)?.messages).toMatchObject({ ready: [], inflight: [] })
})

test('what SNS sends is unwrapped, and known by the id it has there', async () => {
  const queue = makeQueue()
  const topic = `t-${randomUUID()}`
  server.createTopic(topic)
  server.subscribe({ topic, queue: queue.name })
  const engine = createSourceEngine()
  server.publish(topic, '{"from":"sns"}')
  await engine.run(queue.open(engine.state), { once: true })
  const [record] = engine.taken
  expect(record?.text).toBe('{"from":"sns"}')
  expect(record?.position).toMatch(new RegExp(`^sns/${topic}/[0-9a-f-]{36}#0$`))
})

test('base64 is undone; what is compressed in it is left to the engine', async () => {
  const queue = makeQueue()
  const engine = createSourceEngine()
  queue.put(Buffer.from('line').toString('base64'))
  await engine.run(queue.open(engine.state, { base64: true }), { once: true })
  expect(engine.taken.map(({ text }) => text)).toEqual(['line'])
})

test('a queue that is not there, or may not be read, is said to a person', async () => {
  const engine = createSourceEngine()
  const source = makeQueue().open(engine.state, { queue: 'https://sqs.us-east-1.amazonaws.com/000000000000/none' })
  await expect(engine.run(source, { once: true })).rejects.toMatchObject({ code: 'SOURCE_MISCONFIGURED' })
})
