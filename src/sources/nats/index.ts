import { z } from 'zod'
import { checkIdentity, connectNats, natsError, natsOptions } from '../../connections/nats.ts'
import { defineSource } from '../../core/component.ts'
import { milliseconds } from '../../core/duration.ts'
import { sourceFailures } from '../../core/failures.ts'
import { secretsOf } from '../../core/secrets.ts'
import { openConsumer } from './consumer.ts'
import { readConsumer } from './reader.ts'

const { servers, ...account } = natsOptions
const named = (what: string) => z.string().regex(/^[^\s.*>/\\]{1,255}$/, `is not the name of a ${what}`)

const config = z
  .strictObject({
    servers,
    stream: named('stream').meta({ description: 'Name of the stream.' }),
    consumer: named('consumer').default('streamalert').meta({
      description:
        'Name of the durable consumer: processes that name the same share its messages. It is made where it is not there.',
    }),
    subject: z
      .string()
      .regex(
        /^[^\s.>]+(\.[^\s.>]+)*(\.>)?$/,
        'is not a subject: words with dots between them, `*` for one, `>` at the end',
      )
      .optional()
      .meta({ description: 'Only messages of this subject, which may have wildcards. Default: all of the stream.' }),
    start: z
      .union([z.enum(['oldest', 'latest']), z.iso.datetime({ offset: true })])
      .default('oldest')
      .meta({ description: 'Where a consumer begins that is made: `oldest`, `latest`, or a time.' }),
    ackWait: z
      .string()
      .regex(/^\d+(s|m)$/, 'must be a duration such as 30s or 5m')
      .default('1m')
      .meta({
        description: 'How long after a reader has gone another gets what it held, for a consumer that is made.',
      }),
    ...account,
  })
  .superRefine(checkIdentity)

/**
 * Reads a stream of NATS JetStream by a durable pull consumer: https://docs.nats.io/nats-concepts/jetstream/consumers
 * A message is acknowledged once what it brought is durable, and then the server has confirmed that. Where it stands, is a name
 * that it keeps: the stream, its sequence there, and the time at which the stream took it (a stream that is made anew counts from 1
 * again). Headers are not read.
 */
export const nats = defineSource({
  name: 'nats',
  summary: 'Reads records from a stream of NATS JetStream; several processes may share it.',
  setup:
    'Allow the user to publish to `$JS.API.STREAM.INFO.<stream>`, `$JS.API.CONSUMER.*.<stream>.>` and `$JS.ACK.<stream>.>`, and to subscribe to `_INBOX.>`.',
  config,
  examples: [
    {
      title: 'A stream, by a credentials file',
      config: { servers: ['tls://nats.example.com:4222'], stream: 'logs', credentials: 'secret:NATS_CREDENTIALS' },
    },
    {
      title: 'A part of a stream on the same machine',
      config: { servers: ['nats://127.0.0.1:4222'], stream: 'logs', subject: 'logs.firewall.>', tls: false },
    },
  ],
  create(options, host) {
    return {
      async *read(how) {
        const secrets = secretsOf(host)
        try {
          const link = await connectNats(options, host, secrets, sourceFailures)
          try {
            const consumer = await openConsumer(
              { ...options, ackWaitMs: milliseconds(options.ackWait) },
              link.connection,
            )
            yield* readConsumer(consumer, link, host, how)
            // What was said last must have gone out.
            if (!link.ended.aborted) await link.connection.flush()
          } finally {
            await link.connection.close()
          }
        } catch (error) {
          throw natsError(error, sourceFailures, secrets.redact, 'May this user read the stream, and acknowledge?')
        }
      },
    }
  },
})
