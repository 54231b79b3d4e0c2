import { z } from 'zod'
import { regionIn } from '../aws/client.ts'
import { awsOptions } from '../aws/options.ts'
import { defineSource } from '../core/component.ts'
import { connectSource } from './aws/connect.ts'
import { messageDelivery, nameOfQueue } from './aws/message.ts'
import { queueOptions, queueTimeoutMs } from './aws/queue-options.ts'
import { readQueue } from './aws/queue.ts'

/**
 * Reads log records from messages of an Amazon SQS queue. A message that Amazon SNS sent is unwrapped, and known by the id it
 * has there: a topic that delivers twice repeats nothing. Payloads may be compressed and then written as base64.
 */
export const awsSqs = defineSource({
  name: 'aws-sqs',
  summary: 'Reads records from the messages of an Amazon SQS queue, also those of an SNS topic.',
  setup:
    'Allow `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:ChangeMessageVisibility` and `sqs:GetQueueAttributes` on the queue, and `kms:Decrypt` on its key. Give the queue a dead-letter queue.',
  config: z.strictObject({
    ...queueOptions,
    base64: z.boolean().default(false).meta({ description: 'Bodies are base64, such as of compressed records.' }),
    unwrap: z.boolean().default(true).meta({ description: 'Takes the message out of what SNS puts around it.' }),
    ...awsOptions,
  }),
  examples: [
    {
      title: 'A queue that applications write to',
      config: { queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/logs' },
    },
  ],
  create(config, host) {
    const { queue, base64, unwrap } = config
    const deliveryOf = messageDelivery({ queue: nameOfQueue(queue), base64, unwrap }, host.name)

    const connect = () =>
      connectSource(
        { ...config, resource: queue, timeoutMs: queueTimeoutMs(config.waitSeconds) },
        host,
        regionIn,
        async (client) =>
          new (await import('@aws-sdk/client-sqs')).SQS({
            ...client,
            useQueueUrlAsEndpoint: config.endpoint === undefined,
          }),
      )

    return {
      async *read(options) {
        const connection = connect()
        try {
          yield* readQueue(config, connection, host, async (one) => ({ deliveries: [deliveryOf(one)] }), options)
        } finally {
          connection.close()
        }
      },
    }
  },
})
