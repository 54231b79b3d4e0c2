import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node'
import { z } from 'zod'
import { CodedError, messageOf } from '../core/errors.ts'
import type { FailureCodes } from '../core/failures.ts'
import { secret, text } from '../core/option.ts'
import type { Secrets } from '../core/secrets.ts'
import { authoritiesOf, caOption } from './authorities.ts'

/** Options of every component that talks to NATS: where, and as whom. Spread them into its `z.strictObject`, and refine that by `checkIdentity`. */
export const natsOptions = {
  servers: z
    .array(z.string().regex(/^((nats|tls):\/\/)?[^\s/@]+$/, 'is not a server: write nats://nats.example.com:4222'))
    .min(1)
    .meta({ description: 'Servers of one cluster; the first that answers is taken.' }),
  tls: z.boolean().default(true).meta({ description: 'False: without encryption.' }),
  ca: caOption,
  username: text('User.').optional(),
  password: secret('Password of the user.').optional(),
  token: secret('Token, instead of a user.').optional(),
  credentials: secret('Text of a `.creds` file, instead of a user.').optional(),
}

const shape = z.strictObject(natsOptions)

/** As written by `natsOptions`, checked. */
export type NatsOptions = z.output<typeof shape>

/** Adds what is wrong with the way the options say who we are. */
export function checkIdentity(options: NatsOptions, context: z.core.$RefinementCtx): void {
  const { username, password, token, credentials } = options
  const say = (message: string) => context.addIssue({ code: 'custom', message, input: options })
  if ((username === undefined) !== (password === undefined)) {
    say('A username needs a password, and a password a username.')
  }
  if ([username, token, credentials].filter(Boolean).length > 1) say('Give one of username, token and credentials.')
}

/** How long the far end may take to answer, milliseconds. */
export const natsPatienceMs = 5_000

export interface NatsLink {
  readonly connection: NatsConnection
  /** Aborted when the connection has ended, with the reason: what is under way then would wait for ever. */
  readonly ended: AbortSignal
}

/** Connects once: a connection that ends is not made anew. Throws what the library throws, which `natsError` turns into an error of ours. */
export async function connectNats(
  options: NatsOptions,
  host: { readonly projectDir: string },
  { reveal, hide }: Secrets,
  codes: FailureCodes,
): Promise<NatsLink> {
  const { connect, credsAuthenticator } = await import('@nats-io/transport-node')
  const show = async (value: string) => hide(await reveal(value))
  const { username, password, token, credentials } = options
  const ca = await authoritiesOf(options.ca, host, codes.misconfigured)
  const connecting: NodeConnectionOptions = {
    servers: options.servers,
    name: 'streamalert',
    timeout: natsPatienceMs,
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

/** Anything thrown, without secrets. `hint`: what to do where the user may not do a thing. */
export function natsError(
  error: unknown,
  codes: FailureCodes,
  redact: (text: string) => string,
  hint: string,
): CodedError {
  if (error instanceof CodedError) return error
  const name = error instanceof Error ? error.constructor.name : ''
  const message = `NATS: ${redact(messageOf(error))}`
  if (name === 'AuthorizationError' || name === 'PermissionViolationError') {
    return new CodedError(codes.misconfigured, message, { hint })
  }
  const noStream = name.startsWith('JetStream') || /no responders|503/i.test(message)
  return new CodedError(codes.unavailable, message, {
    retry: 'later',
    ...(noStream && { hint: 'Is there a stream that takes the subject?' }),
  })
}
