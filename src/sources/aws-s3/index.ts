import { z } from 'zod'
import { regionIn } from '../../aws/client.ts'
import { awsOptions } from '../../aws/options.ts'
import { defineSource, type SourceHost } from '../../core/component.ts'
import type { ReadOptions } from '../../core/contracts/index.ts'
import { milliseconds } from '../../core/duration.ts'
import { connectSource } from '../aws/connect.ts'
import { nameOfQueue } from '../aws/message.ts'
import { queueOptions, queueTimeoutMs } from '../aws/queue-options.ts'
import { readQueue } from '../aws/queue.ts'
import { createObjects } from './objects.ts'
import { pollPrefix } from './poll.ts'
import { createObjectReader } from './read-object.ts'
import { createUnpack, keysOf } from './unpack.ts'

const duration = z.string().regex(/^\d+(s|m|h|d)$/, 'must be a duration such as 30s, 5m or 1h')
const keys = z.array(z.string().min(1))

const config = z
  .strictObject({
    ...queueOptions,
    queue: queueOptions.queue.optional().meta({
      description:
        'Address of the SQS queue that the bucket announces its objects in: directly, by SNS or by EventBridge.',
    }),
    bucket: z
      .string()
      .min(3)
      .max(63)
      .optional()
      .meta({ description: 'A bucket to look through: for what was there before the queue.' }),
    prefix: z.string().default('').meta({ description: 'Keys in `bucket` begin with this.' }),
    every: duration.default('5m').meta({ description: 'How often `bucket` is looked through.' }),
    overlap: duration.default('1h').meta({
      description: 'How long an upload into `bucket` may take: objects are dated when it began.',
    }),
    include: keys
      .optional()
      .meta({ description: 'Globs of keys to read, such as `*.json.gz`; `*` reaches over slashes. Default: all.' }),
    exclude: keys.default([]).meta({ description: 'Globs of keys to leave out, such as `*/CloudTrail-Digest/*`.' }),
    ...awsOptions,
    queueEndpoint: z
      .url({ protocol: /^https?$/, error: 'is not an http:// or https:// address' })
      .optional()
      .meta({ description: 'Another address of SQS; `endpoint` is that of S3.' }),
    pathStyle: z
      .boolean()
      .default(false)
      .meta({ description: 'Buckets in the path, as other stores than S3 want it.' }),
  })
  .refine(({ queue, bucket }) => queue !== undefined || bucket !== undefined, 'names neither a queue nor a bucket')

/**
 * Reads log files from Amazon S3, plain or compressed (told by their first bytes). A queue announces them; `bucket` is for history,
 * and for places without notifications. Large objects are read as a stream, and after a restart go on where they were.
 */
export const awsS3 = defineSource({
  name: 'aws-s3',
  summary: 'Reads log files from Amazon S3, announced by a queue or found by looking through a bucket.',
  setup:
    'Let the bucket send `s3:ObjectCreated:*` to a queue (directly, through an SNS topic, or by EventBridge). Allow `s3:GetObject` on the objects (and `s3:ListBucket` on the bucket, so that an object that is gone can be told from one that may not be read), `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:ChangeMessageVisibility` and `sqs:GetQueueAttributes` on the queue, and `kms:Decrypt` on their keys.',
  config,
  examples: [
    {
      title: 'CloudTrail, announced by a queue',
      config: {
        queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/cloudtrail',
        exclude: ['*/CloudTrail-Digest/*'],
      },
    },
    {
      title: 'What lies under a prefix, looked at each hour',
      config: { bucket: 'example-logs', prefix: 'AWSLogs/123456789012/', every: '1h' },
    },
  ],
  create: (options, host) => ({ read: (reading) => read(options, host, reading) }),
})

async function* read(options: z.output<typeof config>, host: SourceHost, reading: ReadOptions) {
  const { queue, bucket, queueEndpoint, endpoint, ...rest } = options
  const aws = { ...rest, ...(queue !== undefined && { resource: queue }) }
  const s3 = connectSource(
    { ...aws, ...(endpoint !== undefined && { endpoint }) },
    host,
    regionIn,
    async (settings) => {
      const { S3 } = await import('@aws-sdk/client-s3')
      return new S3({ ...settings, forcePathStyle: options.pathStyle, followRegionRedirects: true })
    },
  )
  const objects = createObjects(createObjectReader(s3, host), host)
  const accepts = keysOf(options)

  const unpack = createUnpack({ queue: nameOfQueue(queue ?? ''), accepts }, objects, host.name)

  const sqs = connectSource(
    {
      ...aws,
      ...(queueEndpoint !== undefined && { endpoint: queueEndpoint }),
      timeoutMs: queueTimeoutMs(options.waitSeconds),
    },
    host,
    regionIn,
    async (settings) => {
      const { SQS } = await import('@aws-sdk/client-sqs')
      return new SQS({ ...settings, useQueueUrlAsEndpoint: queueEndpoint === undefined })
    },
  )

  try {
    if (bucket !== undefined) {
      const { prefix, every, overlap } = options
      const polling = { bucket, prefix, accepts, everyMs: milliseconds(every), overlapMs: milliseconds(overlap) }
      // With a queue beside it, the bucket is looked through once: what comes later is announced.
      yield* pollPrefix(polling, objects, s3, host, queue === undefined ? reading : { ...reading, once: true })
    }
    if (queue !== undefined) yield* readQueue({ ...options, queue }, sqs, host, unpack, reading)
  } finally {
    s3.close()
    sqs.close()
  }
}
