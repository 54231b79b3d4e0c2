import { z } from 'zod'
import { ignoreFurtherErrors, kafkaError, kafkaOptions, kafkaSettings } from '../../connections/kafka.ts'
import { defineSource } from '../../core/component.ts'
import type { ReadOptions } from '../../core/contracts/index.ts'
import { sourceFailures } from '../../core/failures.ts'
import { secretsOf } from '../../core/secrets.ts'
import { sleep } from '../../core/sleep.ts'
import { readGroup } from './reader.ts'

const { brokers, topic, ...account } = kafkaOptions

/**
 * Reads a topic of Kafka as a member of a consumer group: https://kafka.apache.org/documentation/#theconsumer
 * The offset of a partition is committed once all before it is durable. Where a record stands, is a name that is kept: topic,
 * partition, offset, and its timestamp (a topic that is made anew counts from 0 again). Keys and headers are not read.
 */
export const kafka = defineSource({
  name: 'kafka',
  summary: 'Reads records from a topic of Kafka; processes of the same group share its partitions.',
  setup: 'With access lists: allow `Read` and `Describe` on the topic, and `Read` on the group.',
  config: z.strictObject({
    brokers,
    topic,
    group: z
      .string()
      .regex(/^\S{1,255}$/, 'is not the name of a group')
      .default('streamalert')
      .meta({ description: 'Consumer group: processes that name the same share the partitions.' }),
    start: z.enum(['oldest', 'latest']).default('oldest').meta({
      description: 'Where to begin a partition of which the group has no offset yet.',
    }),
    ...account,
  }),
  examples: [
    {
      title: 'A cluster with users',
      config: {
        brokers: ['kafka-1.example.com:9093', 'kafka-2.example.com:9093'],
        topic: 'logs',
        sasl: { username: 'streamalert', password: 'secret:KAFKA_PASSWORD' },
      },
    },
    { title: 'A broker on the same machine', config: { brokers: ['127.0.0.1:9092'], topic: 'logs', tls: false } },
  ],
  create(options, host) {
    /** As one member of the group, from joining to leaving. */
    async function* readAsMember(how: ReadOptions) {
      const secrets = secretsOf(host)
      try {
        const { Consumer } = await import('@platformatic/kafka')
        const consumer = new Consumer({
          ...(await kafkaSettings(options, host, secrets, sourceFailures)),
          groupId: options.group,
          ...{ sessionTimeout: 30_000, rebalanceTimeout: 30_000, heartbeatInterval: 3_000 },
          // The answer to a member that joins waits for all others.
          requestTimeout: 35_000,
        })
        ignoreFurtherErrors(consumer)
        try {
          return yield* readGroup(options, consumer, host, how)
        } finally {
          await consumer.close(true).catch(() => {})
        }
      } catch (error) {
        throw kafkaError(error, sourceFailures, secrets.redact, 'May this user read the topic, and the group?')
      }
    }

    return {
      async *read(how) {
        for (let times = 0; !how.signal.aborted; times++) {
          const ended = yield* readAsMember(how)
          if (ended !== 'given-up') return
          const message = `${host.name}: records failed again and again; it leaves its partitions to others for a while.`
          host.log({ level: 'warn', code: 'SOURCE_FAILED', message })
          await sleep(awayMs * 2 ** Math.min(times, 4), how.signal)
        }
      },
    }
  },
})

/** How long a member stays away whose records failed, milliseconds; it grows. */
const awayMs = 5_000
