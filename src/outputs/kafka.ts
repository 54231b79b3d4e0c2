import type { Producer } from '@platformatic/kafka'
import { z } from 'zod'
import {
  ignoreFurtherErrors,
  kafkaError,
  type KafkaOptions,
  kafkaOptions,
  kafkaSettings,
} from '../connections/kafka.ts'
import { defineOutput, type OutputHost } from '../core/component.ts'
import { outputFailures } from '../core/failures.ts'
import { type Secrets, secretsOf } from './secrets.ts'
import { untilAborted } from './shared/abort.ts'
import { cutValue, jsonOf } from './shared/cut.ts'

const config = z.strictObject({
  ...kafkaOptions,
  maxBytes: z.int().min(4_096).max(100_000_000).default(1_000_000).meta({
    description: 'What the topic takes in a message (`max.message.bytes`); larger alerts are cut with a note.',
  }),
})

type AlertProducer = Producer<string, string, string, string>

/** Bytes that key, headers and batch may take. */
const around = 1_024

/**
 * Produces each alert as JSON and waits until all in-sync replicas have it (`acks=all`): https://kafka.apache.org/documentation/#producerconfigs
 * The key is the alert's id (for an update, that of the alert it updates), so that a compacted topic keeps one of repeats and an update
 * comes after its alert. Headers: `id`, `rule`, `severity`.
 */
export default defineOutput({
  name: 'kafka',
  summary: 'Produces each alert as a message to a Kafka topic.',
  setup:
    'Make the topic. With access lists: allow `Write` and `Describe` on it. The key is the id of the alert: repeats and updates have the key of the first.',
  config,
  examples: [
    {
      title: 'A cluster with users',
      config: {
        brokers: ['kafka-1.example.com:9093', 'kafka-2.example.com:9093'],
        topic: 'security-alerts',
        sasl: { username: 'streamalert', password: 'secret:KAFKA_PASSWORD' },
      },
    },
    {
      title: 'A broker on the same machine',
      config: { brokers: ['127.0.0.1:9092'], topic: 'alerts', tls: false },
    },
  ],
  concurrency: 4,
  create(options, host) {
    const secrets = secretsOf(host)
    let made: Promise<AlertProducer> | undefined
    const close = async () => {
      const ending = made
      made = undefined
      await ending?.then((producer) => producer.close()).catch(() => {})
    }
    return {
      async send({ alert, publication }, signal) {
        const { id, rule, severity } = alert
        const message = {
          topic: options.topic,
          key: alert.updates ?? id,
          value: jsonOf(cutValue(publication, options.maxBytes - around, id)),
          headers: { id, rule, severity, 'content-type': 'application/json' },
        }
        try {
          const producer = await (made ??= open(options, host, secrets))
          await untilAborted(producer.send({ messages: [message], acks: everyReplica }), signal)
        } catch (error) {
          // The next try begins with new connections and the secrets of that time.
          await close()
          throw kafkaError(error, outputFailures, secrets.redact, 'May this user write to the topic?')
        }
      },
      close,
    }
  },
})

const everyReplica = -1

async function open(options: KafkaOptions, host: OutputHost, secrets: Secrets): Promise<AlertProducer> {
  const { Producer, stringSerializers } = await import('@platformatic/kafka')
  const producer = new Producer({
    ...(await kafkaSettings(options, host, secrets, outputFailures)),
    serializers: stringSerializers,
  })
  ignoreFurtherErrors(producer)
  return producer
}
