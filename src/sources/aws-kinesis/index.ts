import { z } from 'zod'
import { awsOptions } from '../../aws/options.ts'
import { defineSource } from '../../core/component.ts'
import { milliseconds } from '../../core/duration.ts'
import { connectSource } from '../aws/connect.ts'
import { kinesisDeliveries } from './deliveries.ts'
import { readStream } from './reader.ts'

const duration = z.string().regex(/^\d+(s|m)$/, 'must be a duration such as 10s or 1m')

const config = z.strictObject({
  stream: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]{1,128}$/, 'is not the name of a stream')
    .meta({ description: 'Name of the stream.' }),
  start: z
    .union([z.enum(['oldest', 'latest']), z.iso.datetime({ offset: true })])
    .default('oldest')
    .meta({ description: 'Where to begin a shard that was never read: `oldest`, `latest`, or a time.' }),
  unwrap: z.boolean().default(false).meta({
    description:
      'Takes the lines out of what a subscription of CloudWatch Logs sends. Without it the log types `cloudwatch:*` read them, with the log group beside each.',
  }),
  lease: duration.default('10s').meta({
    description: 'How long after a reader has gone another takes its shards.',
  }),
  listEvery: duration.default('30s').meta({ description: 'How often to look for shards that were split or merged.' }),
  ...awsOptions,
})

/**
 * Reads records from Amazon Kinesis Data Streams by GetRecords
 * (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html). Records that the Kinesis Producer Library has put
 * together are taken apart; what is compressed is left to the engine. Enhanced fan-out is not used.
 */
export const awsKinesis = defineSource({
  name: 'aws-kinesis',
  summary: 'Reads records from a stream of Amazon Kinesis; several processes may share it.',
  setup:
    'Allow `kinesis:ListShards`, `kinesis:GetShardIterator` and `kinesis:GetRecords` on the stream, and `kms:Decrypt` on its key.',
  config,
  examples: [
    { title: 'A stream from its oldest record', config: { stream: 'prod-logs', region: 'eu-central-1' } },
    {
      title: 'Lines of log groups, as they were logged',
      config: { stream: 'log-groups', unwrap: true, start: 'latest' },
    },
  ],
  create(options, host) {
    const { stream, start, unwrap, lease, listEvery } = options

    const deliveriesOf = kinesisDeliveries({ stream, unwrap }, host)

    const reading = {
      ...{ stream, deliveriesOf, leaseMs: milliseconds(lease), listMs: milliseconds(listEvery) },
      start: start === 'oldest' || start === 'latest' ? start : { at: new Date(start) },
    } as const

    return {
      async *read(how) {
        const connection = connectSource(
          options,
          host,
          () => undefined,
          async (settings) => new (await import('@aws-sdk/client-kinesis')).Kinesis(settings),
        )
        try {
          yield* readStream(reading, connection, host, how)
        } finally {
          connection.close()
        }
      },
    }
  },
})
