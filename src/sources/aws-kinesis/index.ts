import type { _Record as KinesisRecord } from '@aws-sdk/client-kinesis'
import { z } from 'zod'
import { awsOptions } from '../../aws/options.ts'
import { defineSource } from '../../core/component.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import { milliseconds } from '../../core/duration.ts'
import { disaggregate } from '../aws/aggregated.ts'
import { connectSource } from '../aws/connect.ts'
import { logEventsIn } from '../aws/log-events.ts'
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

    /** A Kinesis record is one delivery, or several where it holds several records. */
    function deliveriesOf(record: KinesisRecord, shard: string): readonly Delivery[] {
      const { Data: data = new Uint8Array(0), SequenceNumber: sequence = '', ApproximateArrivalTimestamp: at } = record
      const receivedAt = at?.getTime() ?? host.now()
      const base = `kinesis/${stream}/${shard}/${sequence}`
      const delivery = (origin: string, bytes: Uint8Array): Delivery => ({
        ...{ id: origin, source: host.name, receivedAt, origin, size: bytes.length },
        async *body() {
          if (bytes.length > 0) yield bytes
        },
      })
      const parts = disaggregate(data)?.map((bytes, n) => ({ origin: `${base}/${n}`, bytes })) ?? [
        { origin: base, bytes: data },
      ]
      return parts.flatMap(({ origin, bytes }) => {
        const events = unwrap ? logEventsIn(bytes) : undefined
        return (
          events?.map(({ id, message }) => delivery(`${origin}/${id}`, Buffer.from(message))) ?? delivery(origin, bytes)
        )
      })
    }

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
