import { z } from 'zod'
import { awsOptions } from '../aws/options.ts'
import { defineOutput } from '../core/component.ts'
import { connectAws, groupOf, payloadOf, payloadOption, xmlText } from './shared/aws.ts'
import { overridesOf } from './shared/words.ts'

/**
 * Sends each alert as a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * A FIFO queue gets the alert's id as its deduplication id (repeats within 5 minutes are dropped) and the rule as group; for
 * others the attribute `alert` carries the id. Publishers may give `@aws-sqs.message_data`: the body.
 */
export default defineOutput({
  name: 'aws-sqs',
  summary: 'Sends each alert to an Amazon SQS queue.',
  setup:
    'Allow `sqs:SendMessage` on the queue; on an encrypted one also `kms:GenerateDataKey` and `kms:Decrypt` on its key.',
  config: z.strictObject({
    queue: z.url({ protocol: /^https?$/, error: 'is not the address of a queue' }).meta({
      description:
        'Address (URL) of the queue. A FIFO queue drops repeats; the attribute `alert` tells them elsewhere.',
    }),
    payload: payloadOption,
    maxBytes: z.int().min(4_096).max(1_048_576).default(262_144).meta({
      description: 'What the queue takes in a message (its `MaximumMessageSize`); larger alerts are cut with a note.',
    }),
    ...awsOptions,
  }),
  examples: [
    { title: 'A queue', config: { queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/alerts' } },
    {
      title: 'Only the record, as the Python StreamAlert sent it',
      config: { queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/alerts', payload: 'record' },
    },
  ],
  publisherKeys: {
    message_data: 'The message, in place of alert or record.',
  },
  concurrency: 4,
  create(config, host) {
    const fifo = config.queue.endsWith('.fifo')
    const { call, close } = connectAws({ ...config, resource: config.queue }, host, async (settings) => {
      const { SQS } = await import('@aws-sdk/client-sqs')
      // The queue's address says where it is, and the SDK would warn of every other answer.
      return new SQS({ endpoint: new URL(config.queue).origin, ...settings, useQueueUrlAsEndpoint: false })
    })
    return {
      async send(message, abortSignal) {
        const { id, rule } = message.alert
        const given = overridesOf(message.publication, 'aws-sqs').any('message_data')
        const input = {
          QueueUrl: config.queue,
          MessageBody: xmlText(
            payloadOf(message, config.payload, given === '' ? undefined : given, config.maxBytes - 256),
          ),
          MessageAttributes: { alert: { DataType: 'String', StringValue: id } },
          ...(fifo && { MessageDeduplicationId: id, MessageGroupId: groupOf(rule) }),
        }
        await call((sqs) => sqs.sendMessage(input, { abortSignal }))
      },
      close,
    }
  },
})
