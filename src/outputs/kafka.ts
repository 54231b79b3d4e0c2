import type { ConnectionPoolEventPayload, Producer } from '@platformatic/kafka'
import { z } from 'zod'
import { defineOutput, type OutputHost } from '../core/component.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { type Secrets, secretsOf } from './secrets.ts'
import { untilAborted } from './shared/abort.ts'
import { authoritiesOf, caOption } from './shared/certificates.ts'
import { cutValue, jsonOf } from './shared/cut.ts'
import { secret, text } from './shared/fields.ts'

const config = z.strictObject({
  brokers: z
    .array(z.string().regex(/^[^\s/:@]+:\d{1,5}$/, 'is not a broker: write kafka-1.example.com:9093'))
    .min(1)
    .meta({ description: 'Brokers to begin with, `host:port`.' }),
  topic: z
    .string()
    .regex(/^[\w.-]{1,249}$/, 'is not the name of a topic')
    .meta({ description: 'Topic. It is not made.' }),
  tls: z.boolean().default(true).meta({ description: 'False: without encryption.' }),
  ca: caOption,
  sasl: z
    .strictObject({
      mechanism: z
        .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
        .default('SCRAM-SHA-512')
        .meta({ description: 'How the password is proved.' }),
      username: text('User, or API key.'),
      password: secret('Password, or secret of the API key.'),
    })
    .optional()
    .meta({ description: 'Who we are.' }),
  maxBytes: z.int().min(4_096).max(100_000_000).default(1_000_000).meta({
    description: 'What the topic takes in a message (`max.message.bytes`); larger alerts are cut with a note.',
  }),
})

type Config = z.output<typeof config>
type AlertProducer = Producer<string, string, string, string>

/** Bytes that key, headers and batch may take. */
const around = 1_024
const patienceMs = 5_000

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
          throw asCoded(error, secrets.redact)
        }
      },
      close,
    }
  },
})

const everyReplica = -1

async function open({ brokers, tls, ca, sasl }: Config, host: OutputHost, secrets: Secrets): Promise<AlertProducer> {
  const { Producer, stringSerializers } = await import('@platformatic/kafka')
  const authorities = await authoritiesOf(ca, host)
  const producer = new Producer({
    clientId: 'streamalert',
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    retries: 0,
    timeout: patienceMs,
    connectTimeout: patienceMs,
    requestTimeout: patienceMs,
    autocreateTopics: false,
    ...(tls && { tls: { ...(authorities !== undefined && { ca: authorities }) }, tlsServerName: true }),
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism,
        username: sasl.username,
        password: async () => secrets.hide(await secrets.reveal(sasl.password)),
      },
    }),
  })
  // Of a connection's errors the client listens to the first only; the second (a reset after a refused password) would end the process.
  const ignoreMore = ({ connection }: ConnectionPoolEventPayload) => void connection.on('error', () => {})
  producer.on('client:broker:connect', ignoreMore)
  producer.on('client:broker:failed', ignoreMore)
  return producer
}

/** What this client throws: errors with causes and lists of errors, and in them, where the broker answered, one with `apiId`. */
interface KafkaError extends Error {
  readonly code?: string
  /** `TOPIC_AUTHORIZATION_FAILED`: https://kafka.apache.org/protocol#protocol_error_codes */
  readonly apiId?: string
  readonly canRetry?: boolean
}

function asCoded(error: unknown, redact: (text: string) => string): CodedError {
  const all = withCauses(error)
  const coded = all.find((one) => one instanceof CodedError)
  if (coded) return coded
  const said = [...new Set(all.map((one) => (one.apiId ? `${one.apiId}: ${one.message}` : messageOf(one))))]
  const message = `Kafka: ${redact(said.join(' ')).replace(/\s+/g, ' ').slice(0, 400)}`
  const answer = all.find(({ apiId }) => apiId !== undefined)
  if (all.some(({ code }) => code === 'PLT_KFK_AUTHENTICATION') && (answer || !all.some(isNetwork))) {
    return new CodedError('OUTPUT_MISCONFIGURED', message, { hint: 'Check mechanism, username and password.' })
  }
  if (/AUTHORIZATION_FAILED|INVALID_TOPIC/.test(answer?.apiId ?? '')) {
    return new CodedError('OUTPUT_MISCONFIGURED', message, { hint: 'May this user write to the topic?' })
  }
  if (answer?.canRetry === false) return new CodedError('OUTPUT_REJECTED', message)
  const hint = /Unknown topic|UNKNOWN_TOPIC/.test(message) && { hint: 'Is there a topic of that name?' }
  return new CodedError('OUTPUT_UNAVAILABLE', message, { retry: 'later', ...hint })
}

const isNetwork = ({ code }: KafkaError) => code === 'PLT_KFK_NETWORK' || code === 'PLT_KFK_TIMEOUT'

/** An error, what it lists and what caused it, ten levels deep at most. */
function withCauses(error: unknown, levels = 10): KafkaError[] {
  if (!(error instanceof Error) || levels === 0) return []
  const listed: readonly unknown[] = error instanceof AggregateError ? error.errors : []
  return [error, ...[...listed, error.cause].flatMap((inner) => withCauses(inner, levels - 1))]
}
