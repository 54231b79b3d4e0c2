import { hash } from 'node:crypto'
import { gzipSync, zstdDecompressSync } from 'node:zlib'
import type { Message } from '@aws-sdk/client-sqs'
import { afterAll, expect, test } from 'vitest'
import { createApp } from '../../core/app.ts'
import { decoders } from '../../decoders/index.ts'
import { defineRule } from '../../index.ts'
import { connectSource } from '../../sources/aws/connect.ts'
import { createObjects } from '../../sources/aws-s3/objects.ts'
import { createObjectReader } from '../../sources/aws-s3/read-object.ts'
import { createMemoryStore } from '../../stores/memory.ts'
import type { StartEvaluation } from './evaluation.ts'
import { code, common, events, inThisThread, line, project, startAws } from './fixture.ts'
import { createIngestHandler } from './ingest.ts'
import { openStore, placeOf } from './surroundings.ts'

const aws = await startAws()
afterAll(() => aws.close())

const frames = { wholeBody: 500, smallBody: 500, frame: 1_500, job: 1_500, record: 100_000, maxRatio: 500 }
const at = Date.parse('2026-03-01T10:00:30Z')

const seldom = defineRule({
  ...{
    name: 'seldom',
    description: 'Now and then.',
    severity: 'low',
    schemas: [...code.schemas],
    outputs: ['stdout:all'],
  },
  merge: { by: ['host'], window: '5m' },
  match: ({ n }) => Number(n) % 40 === 0,
})

/** Evaluates in this thread; the ids of all records that are classified go to `seen`. */
const watched =
  (seen: string[]): StartEvaluation =>
  async (host) => {
    const evaluation = await inThisThread({ ...code, rules: [seldom], keepsRecords: true })(host)
    return {
      ...evaluation,
      async evaluate(given) {
        const results = await evaluation.evaluate(given)
        return results.map(({ rows, ...result }) => {
          const { pieces = [], compressed = false } = rows ?? {}
          const text = Buffer.concat(compressed ? pieces.map((piece) => zstdDecompressSync(piece)) : pieces).toString()
          const texts = text.split('\n').slice(0, -1)
          for (const one of texts) seen.push((JSON.parse(one) as { readonly id: string }).id)
          return result
        })
      },
    }
  }

/** What one reading of the whole gives on the embedded runtime. */
async function undivided(key: string, etag: string, size: number) {
  const seen: string[] = []
  const store = createMemoryStore()
  const now = () => at
  const { evaluate, framings } = await watched(seen)({ env: {}, log() {}, modes: noModes })
  const host = {
    ...{ name: 'aws-s3:logs', projectDir: '', dataDir: '', state: store, decoders, now },
    ...{ log() {}, count() {}, secret: async () => '' },
  }
  const s3 = connectSource(
    {},
    host,
    () => undefined,
    async () => aws.s3,
  )
  const objects = createObjects(createObjectReader(s3, host), host)
  const delivery = await objects.deliveryOf({ bucket: 'acme-logs', key, etag, size, at })
  const app = createApp(
    {
      ...{ store, framings, decoders, outputs: new Map(), now, random: () => 0, log() {}, evaluator: { evaluate } },
      clusters: new Map([['aws-s3:logs', 'prod']]),
      hash: (text) => hash('sha256', text, 'hex'),
    },
    { ...common.limits, concurrency: 1 },
  )
  expect(await app.ingest([delivery!])).toEqual({ failed: [] })
  await store.closeWindows({ now: at + 1e9, latenessMs: 0, all: true })
  return { seen, alerts: (await store.alertsAfter(0, 1_000)).alerts.map(({ id }) => id).toSorted() }
}

const noModes = () => ({ staged: new Set<string>(), promoted: new Set<string>() })

/** The same numbers in each run. */
function chances(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
}

const pretty = (n: number) => `${JSON.stringify(JSON.parse(line(n)), null, 2)}\n\n`

test.each([
  ['lines, side by side', (n: number) => line(n), false],
  ['values over several lines', (n: number) => (n % 3 === 0 ? pretty(n) : line(n)), false],
  ['compressed, one part after the other', (n: number) => line(n), true],
])(
  'an object over many invocations that crash, repeat and change places gives the records of one reading: %s',
  async (name, text, zipped) => {
    const chance = chances(7)
    const count = zipped ? 300 : 160
    const plain = Buffer.from(Array.from({ length: count }, (_, n) => text(n)).join(''))
    const body = zipped ? gzipSync(plain) : plain
    const { ETag = '' } = await aws.s3.putObject({ Bucket: 'acme-logs', Key: name, Body: body })
    const etag = ETag.replaceAll('"', '')
    const whole = await undivided(name, etag, body.length)
    expect(new Set(whole.seen).size).toBe(count)

    const seen: string[] = []
    const around = await aws.surroundings([], () => at)
    const handler = createIngestHandler(
      { ...project, evaluation: watched(seen), frames, stretches: { bytes: 3_000, count: 3 } },
      // Sometimes what is left cannot be handed on, as if the function ended just before.
      { ...around, sqs: async () => (chance() < 0.15 ? Promise.reject(new Error('crash')) : aws.sqs) },
    )
    const waiting: [id: string, body: string][] = [
      ['first', events.created(encodeURIComponent(name), body.length, etag)],
    ]
    const parts = new Set<string>()
    let invocations = 0
    while (waiting.length > 0) {
      const [message] = waiting.splice(Math.floor(chance() * waiting.length), 1)
      let asked = 0
      const most = 3 + Math.floor(chance() * 3)
      const invocation = { getRemainingTimeInMillis: () => (asked++ < most ? 300_000 : 1) }
      const answer = await handler(events.sqs('acme-prod-objects', [message!]), invocation)
      // A message that failed comes again; one that was taken sometimes does, too.
      const failed = answer && 'batchItemFailures' in answer && answer.batchItemFailures.length > 0
      if (failed || chance() < 0.1) waiting.push(message!)
      for (const { MessageId = '', Body = '' } of await received()) {
        parts.add(Body)
        waiting.push([MessageId, Body])
      }
      expect(++invocations).toBeLessThan(400)
    }
    expect(parts.size).toBeGreaterThan(5)
    expect([...new Set(seen)].toSorted()).toEqual(whole.seen.toSorted())
    const store = openStore(placeOf(around), common, around)
    await store.closeWindows({ now: at + 1e9, latenessMs: 0, all: true })
    expect((await store.alertsAfter(0, 1_000)).alerts.map(({ id }) => id).toSorted()).toEqual(whole.alerts)
  },
)

/** All that lies in the function's own queue. */
async function received(): Promise<readonly Message[]> {
  const { Messages = [] } = await aws.sqs.receiveMessage({ QueueUrl: aws.queue, MaxNumberOfMessages: 10 })
  for (const { ReceiptHandle } of Messages) await aws.sqs.deleteMessage({ QueueUrl: aws.queue, ReceiptHandle })
  return Messages
}
