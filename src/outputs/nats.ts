import { z } from 'zod'
import {
  checkIdentity,
  connectNats,
  natsError,
  type NatsLink,
  natsOptions,
  natsPatienceMs,
} from '../connections/nats.ts'
import { defineOutput } from '../core/component.ts'
import { outputFailures } from '../core/failures.ts'
import { type Secrets, secretsOf } from './secrets.ts'
import { untilAborted } from './shared/abort.ts'
import { cutValue, jsonOf } from './shared/cut.ts'

const { servers, ...account } = natsOptions

const config = z
  .strictObject({
    servers,
    subject: z
      .string()
      .regex(/^[^\s.*>]+(\.[^\s.*>]+)*$/, 'is not a subject: words with dots between them')
      .meta({ description: 'Subject to publish to.' }),
    jetstream: z.boolean().default(true).meta({
      description: 'True: a stream must take the alert and say so. False: it reaches whoever listens at that moment.',
    }),
    ...account,
  })
  .superRefine(checkIdentity)

/** Bytes of a message that headers may take. */
const headersRoom = 1_024

/**
 * Publishes each alert as JSON: https://docs.nats.io/using-nats/developer/develop_jetstream/model_deep_dive#message-deduplication
 * `Nats-Msg-Id` is the alert's id: the stream drops repeats within its duplicate window (2 minutes by default). With
 * `jetstream: false` nobody confirms anything, and an alert that nobody listens to is gone.
 */
export default defineOutput({
  name: 'nats',
  summary: 'Publishes each alert to a NATS JetStream stream, or to a plain NATS subject.',
  setup:
    'Make a stream that takes the subject: `nats stream add alerts --subjects streamalert.alerts`. It drops repeats that come within its duplicate window.',
  config,
  examples: [
    {
      title: 'A stream, by a credentials file',
      config: {
        servers: ['tls://nats.example.com:4222'],
        subject: 'streamalert.alerts',
        credentials: 'secret:NATS_CREDENTIALS',
      },
    },
    {
      title: 'A server on the same machine',
      config: { servers: ['nats://127.0.0.1:4222'], subject: 'streamalert.alerts', tls: false },
    },
  ],
  create(options, host) {
    let link: NatsLink | undefined
    const close = async () => {
      const { connection } = link ?? {}
      link = undefined
      await connection?.close()
    }

    async function publish(id: string, publication: Readonly<Record<string, unknown>>, secrets: Secrets) {
      if (link?.ended.aborted !== false) link = await connectNats(options, host, secrets, outputFailures)
      const { connection, ended } = link
      const longest = (connection.info?.max_payload ?? 1_048_576) - headersRoom
      const body = jsonOf(cutValue(publication, longest, id))
      if (options.jetstream) {
        const { jetstream } = await import('@nats-io/jetstream')
        await jetstream(connection).publish(options.subject, body, { msgID: id, timeout: natsPatienceMs })
      } else {
        connection.publish(options.subject, body)
        await untilAborted(connection.flush(), ended)
      }
    }

    return {
      async send({ alert, publication }, signal) {
        const secrets = secretsOf(host)
        try {
          await untilAborted(publish(alert.id, publication, secrets), signal)
        } catch (error) {
          // Whatever it was, the next try begins with a new connection and the secrets of that time.
          await close()
          throw natsError(error, outputFailures, secrets.redact, 'May this user publish to the subject?')
        }
      },
      close,
    }
  },
})
