import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node'
import { z } from 'zod'
import { defineOutput, type OutputHost } from '../core/component.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { secretsOf } from './secrets.ts'
import { untilAborted } from './shared/abort.ts'
import { authoritiesOf, caOption } from './shared/certificates.ts'
import { cutValue, jsonOf } from './shared/cut.ts'
import { secret, text } from './shared/fields.ts'

const config = z
  .strictObject({
    servers: z
      .array(z.string().regex(/^((nats|tls):\/\/)?[^\s/@]+$/, 'is not a server: write nats://nats.example.com:4222'))
      .min(1)
      .meta({ description: 'Servers of one cluster; the first that answers is taken.' }),
    subject: z
      .string()
      .regex(/^[^\s.*>]+(\.[^\s.*>]+)*$/, 'is not a subject: words with dots between them')
      .meta({ description: 'Subject to publish to.' }),
    jetstream: z.boolean().default(true).meta({
      description: 'True: a stream must take the alert and say so. False: it reaches whoever listens at that moment.',
    }),
    tls: z.boolean().default(true).meta({ description: 'False: without encryption.' }),
    ca: caOption,
    username: text('User.').optional(),
    password: secret('Password of the user.').optional(),
    token: secret('Token, instead of a user.').optional(),
    credentials: secret('Text of a `.creds` file, instead of a user.').optional(),
  })
  .refine((value) => (value.username === undefined) === (value.password === undefined), {
    error: 'A username needs a password, and a password a username.',
  })
  .refine(({ username, token, credentials }) => [username, token, credentials].filter(Boolean).length <= 1, {
    error: 'Give one of username, token and credentials.',
  })

type Config = z.output<typeof config>

/** Bytes of a message that headers may take. */
const headersRoom = 1_024
const patienceMs = 5_000

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
    let link: Link | undefined
    const close = async () => {
      const { connection } = link ?? {}
      link = undefined
      await connection?.close()
    }

    async function publish(id: string, publication: Readonly<Record<string, unknown>>, redactor: Redactor) {
      if (link?.ended.aborted !== false) link = await open(options, host, redactor)
      const { connection, ended } = link
      const longest = (connection.info?.max_payload ?? 1_048_576) - headersRoom
      const body = jsonOf(cutValue(publication, longest, id))
      if (options.jetstream) {
        const { jetstream } = await import('@nats-io/jetstream')
        await jetstream(connection).publish(options.subject, body, { msgID: id, timeout: patienceMs })
      } else {
        connection.publish(options.subject, body)
        await untilAborted(connection.flush(), ended)
      }
    }

    return {
      async send({ alert, publication }, signal) {
        const redactor: Redactor = secretsOf(host)
        try {
          await untilAborted(publish(alert.id, publication, redactor), signal)
        } catch (error) {
          // Whatever it was, the next try begins with a new connection and the secrets of that time.
          await close()
          throw asCoded(error, redactor.redact)
        }
      },
      close,
    }
  },
})

type Redactor = ReturnType<typeof secretsOf>

interface Link {
  readonly connection: NatsConnection
  /** Aborted when the connection has ended: a flush under way would wait for ever. */
  readonly ended: AbortSignal
}

async function open(options: Config, host: OutputHost, { reveal, hide }: Redactor): Promise<Link> {
  const { connect, credsAuthenticator } = await import('@nats-io/transport-node')
  const show = async (value: string) => hide(await reveal(value))
  const { username, password, token, credentials } = options
  const ca = await authoritiesOf(options.ca, host)
  const connecting: NodeConnectionOptions = {
    servers: options.servers,
    name: 'streamalert',
    timeout: patienceMs,
    reconnect: false,
    tls: options.tls ? { ...(ca !== undefined && { ca }) } : null,
    ...(username !== undefined && { user: username, pass: await show(password ?? '') }),
    ...(token !== undefined && { token: await show(token) }),
    ...(credentials !== undefined && {
      authenticator: credsAuthenticator(new TextEncoder().encode(await show(credentials))),
    }),
  }
  const connection = await connect(connecting)
  const end = new AbortController()
  void connection.closed().then((error) => end.abort(error ?? new Error('the connection was closed')))
  return { connection, ended: end.signal }
}

function asCoded(error: unknown, redact: (text: string) => string): CodedError {
  if (error instanceof CodedError) return error
  const name = error instanceof Error ? error.constructor.name : ''
  const message = `NATS: ${redact(messageOf(error))}`
  if (name === 'AuthorizationError' || name === 'PermissionViolationError') {
    return new CodedError('OUTPUT_MISCONFIGURED', message, { hint: 'May this user publish to the subject?' })
  }
  const hint =
    name.startsWith('JetStream') || /no responders|503/i.test(message)
      ? 'Is there a stream that takes the subject?'
      : ''
  return new CodedError('OUTPUT_UNAVAILABLE', message, { retry: 'later', ...(hint !== '' && { hint }) })
}
