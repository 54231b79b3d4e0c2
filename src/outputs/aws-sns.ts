import { z } from 'zod'
import { awsOptions } from '../aws/options.ts'
import { defineOutput } from '../core/component.ts'
import type { Message } from '../core/contracts/index.ts'
import { connectAws, groupOf, xmlText } from './shared/aws.ts'
import { cutBytes, cutNote, cutText, cutValue, jsonOf } from './shared/cut.ts'
import { oneLine, overridesOf } from './shared/words.ts'

/** Room for the attributes, which count too. */
const attributesRoom = 1_024

/**
 * Publishes each alert: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * A FIFO topic gets the alert's id as its deduplication id (repeats within 5 minutes are dropped) and the rule as group.
 * Publishers may give `@aws-sns.topic` (the subject) and `@aws-sns.message`.
 */
export default defineOutput({
  name: 'aws-sns',
  summary: 'Publishes each alert to an Amazon SNS topic.',
  setup:
    'Allow `sns:Publish` on the topic; on an encrypted one also `kms:GenerateDataKey` and `kms:Decrypt` on its key. ' +
    'Filter policies of subscriptions may use the attributes `rule`, `severity` and `alert`.',
  config: z.strictObject({
    topic: z
      .string()
      .regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/, 'is not the ARN of a topic')
      .meta({ description: 'ARN of the topic. A FIFO topic drops repeats.' }),
    maxBytes: z
      .int()
      .min(4_096)
      .max(1_048_576)
      .default(262_144)
      .meta({ description: 'What the topic takes in a message; larger alerts are cut with a note.' }),
    ...awsOptions,
  }),
  examples: [
    { title: 'A topic', config: { topic: 'arn:aws:sns:eu-central-1:123456789012:alerts' } },
    { title: 'A FIFO topic', config: { topic: 'arn:aws:sns:eu-central-1:123456789012:alerts.fifo' } },
  ],
  publisherKeys: {
    topic: 'The subject of e-mails.',
    message: 'What is published, in place of the publication.',
  },
  concurrency: 4,
  create(config, host) {
    const fifo = config.topic.endsWith('.fifo')
    const { call, close } = connectAws({ ...config, resource: config.topic }, host, async (settings) => {
      const { SNS } = await import('@aws-sdk/client-sns')
      return new SNS(settings)
    })
    return {
      async send(message, abortSignal) {
        const { id, rule, severity } = message.alert
        const input = {
          TopicArn: config.topic,
          Subject: subjectOf(message),
          Message: bodyOf(message, config.maxBytes - attributesRoom),
          MessageAttributes: { alert: attribute(id), rule: attribute(rule), severity: attribute(severity) },
          ...(fifo && { MessageDeduplicationId: id, MessageGroupId: groupOf(rule) }),
        }
        await call((sns) => sns.publish(input, { abortSignal }))
      },
      close,
    }
  },
})

const attribute = (value: string) => ({ DataType: 'String', StringValue: xmlText(cutText(value, 256)) })

/** Printable ASCII, fewer than 100 characters, no space at its beginning: anything else is refused. */
function subjectOf({ alert, publication }: Message): string {
  const text = overridesOf(publication, 'aws-sns').text('topic') ?? `${alert.rule} triggered alert ${alert.id}`
  const ascii = oneLine(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/gu, '?')
  return cutText(ascii, 99, '...') || 'StreamAlert'
}

function bodyOf({ alert, publication }: Message, limit: number): string {
  const given = overridesOf(publication, 'aws-sns').any('message')
  if (typeof given === 'string') return xmlText(cutBytes(given || ' ', limit, ` ${cutNote(alert.id)}`))
  const value = given === undefined ? publication : { message: given }
  const indented = jsonOf(value, 2)
  return xmlText(Buffer.byteLength(indented) <= limit ? indented : jsonOf(cutValue(value, limit, alert.id)))
}
