import { S3 } from '@aws-sdk/client-s3'
import { SQS } from '@aws-sdk/client-sqs'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { startFauxqs } from 'fauxqs'
import { defineRule } from '../../index.ts'
import { startDynamo } from '../../stores/aws-dynamodb/fixture.ts'
import { createProgress } from '../workers/progress.ts'
import type { Job } from '../workers/protocol.ts'
import { schema } from './children/schema.ts'
import { type StartEvaluation, startEvaluation } from './evaluation.ts'
import type { IngestProject, WorkerCode } from './project.ts'
import type { Surroundings } from './surroundings.ts'
import { tellReady } from './worker.ts'

const odd = defineRule({
  name: 'odd',
  description: 'Odd numbers.',
  severity: 'low',
  schemas: [schema],
  outputs: ['stdout:all'],
  match: (record) => record.n % 2 === 1,
})

const merged = defineRule({
  name: 'many',
  description: 'Events of a host.',
  severity: 'high',
  schemas: [schema],
  outputs: ['stdout:all'],
  merge: { by: ['host'], window: '5m' },
  match: (record) => record.n < 100,
})

export const line = (n: number): string => `${JSON.stringify({ at: '2026-03-01T10:00:00Z', n, host: `h${n % 2}` })}\n`

const hour = 3_600_000
export const common = {
  rates: [],
  kept: { alertsMs: 1e5 * hour, quarantineMs: 1e5 * hour, hitsMs: 1e5 * hour },
  limits: { latenessMs: 30_000, maxTries: 5, maxAgeMs: hour, timeoutMs: 1000 },
} as const

const sources: IngestProject['sources'] = [
  { name: 'aws-kinesis:logs', kind: 'aws-kinesis', cluster: 'prod', options: { stream: 'acme-prod-logs' } },
  {
    ...{ name: 'aws-s3:logs', kind: 'aws-s3', cluster: 'prod' },
    options: { queue: 'https://sqs.eu-west-1.amazonaws.com/123456789012/acme-prod-objects', exclude: ['*.skip'] },
  },
  {
    ...{ name: 'aws-sqs:app', kind: 'aws-sqs', cluster: 'prod' },
    options: { queue: 'https://sqs.eu-west-1.amazonaws.com/123456789012/app', unwrap: true, base64: false },
  },
]

export const code: WorkerCode = { schemas: [schema], rules: [odd, merged], tables: new Map(), sources }

/** Evaluates in this thread what a function would in its workers: whatever goes wrong here stays here. */
export const inThisThread =
  (given: WorkerCode): StartEvaluation =>
  (host) =>
    startEvaluation(host, { ruleTimeoutMs: 1_000 }, () => ({ message }) => {
      const progress = createProgress()
      let take: (job: Job) => void = () => {}
      const line = { progress, send: message, onJob: (listener: typeof take) => void (take = listener) }
      queueMicrotask(() => tellReady(given, line))
      return {
        ...{ progress, exact: true, hold() {}, end: async () => {} },
        send: (job) => take(job),
        usage: async () => ({ cpu: 0, memory: { 'in the heap': 0 } }),
      }
    })

export const project: IngestProject = { ...common, sources, evaluation: inThisThread(code) }

/** Time that an invocation has, milliseconds. */
export const within = (ms: number) => ({ getRemainingTimeInMillis: () => ms })

/** Servers with the protocols of DynamoDB and S3, and a function's surroundings that know them. */
export async function startAws() {
  const [dynamo, buckets] = await Promise.all([startDynamo(), startFauxqs({ port: 0, logger: false })])
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  const place = { endpoint: `http://127.0.0.1:${buckets.port}`, region: 'us-east-1', credentials }
  const s3 = () => new S3({ ...place, forcePathStyle: true, requestHandler: new NodeHttpHandler() })
  const sqs = new SQS({ ...place, requestHandler: new NodeHttpHandler(), useQueueUrlAsEndpoint: false })
  const client = s3()
  await client.createBucket({ Bucket: 'acme-lake' })
  await client.createBucket({ Bucket: 'acme-logs' })
  const { QueueUrl: queue = '' } = await sqs.createQueue({ QueueName: 'acme-prod-objects' })
  return {
    s3: client,
    sqs,
    /** Address of the function's own queue. */
    queue,
    /** With a table of its own; what is written goes to `lines`. */
    async surroundings(lines: string[] = [], now = () => Date.parse('2026-03-01T10:01:00Z')): Promise<Surroundings> {
      const env = {
        STREAMALERT_CLUSTER: 'prod',
        STREAMALERT_TABLE: await dynamo.table(),
        STREAMALERT_LAKE: 'acme-lake',
        STREAMALERT_PREFIX: 'acme',
        STREAMALERT_QUEUE: queue,
      }
      return {
        env,
        now,
        write: (text) => void lines.push(text),
        dynamo: () => dynamo.client(),
        s3,
        sqs: async () => sqs,
      }
    },
    async close() {
      client.destroy()
      sqs.destroy()
      await Promise.all([dynamo.close(), buckets.stop()])
    },
  }
}

/** Events as Lambda gives them. */
export const events = {
  kinesis: (bodies: readonly (readonly [sequence: string, body: string])[]) => ({
    Records: bodies.map(([sequenceNumber, body]) => ({
      eventSource: 'aws:kinesis',
      eventID: `shardId-000000000000:${sequenceNumber}`,
      eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/acme-prod-logs',
      kinesis: {
        sequenceNumber,
        data: Buffer.from(body).toString('base64'),
        approximateArrivalTimestamp: Date.parse('2026-03-01T10:00:30Z') / 1000,
      },
    })),
  }),
  sqs: (queue: string, bodies: readonly (readonly [id: string, body: string])[]) => ({
    Records: bodies.map(([messageId, body]) => ({
      ...{ messageId, body, eventSource: 'aws:sqs' },
      eventSourceARN: `arn:aws:sqs:eu-west-1:123456789012:${queue}`,
      attributes: { SentTimestamp: String(Date.parse('2026-03-01T10:00:30Z')) },
    })),
  }),
  created: (key: string, size: number, eTag: string) =>
    JSON.stringify({
      Records: [
        {
          ...{ eventName: 'ObjectCreated:Put', eventTime: '2026-03-01T10:00:30Z' },
          s3: { bucket: { name: 'acme-logs' }, object: { key, size, eTag } },
        },
      ],
    }),
}
