import type { BaseOptions, ConnectionPoolEventPayload } from '@platformatic/kafka'
import { z } from 'zod'
import { CodedError, messageOf } from '../core/errors.ts'
import type { FailureCodes } from '../core/failures.ts'
import { secret, text } from '../core/option.ts'
import type { Secrets } from '../core/secrets.ts'
import { authoritiesOf, caOption } from './authorities.ts'

/** Options of every component that talks to Kafka: where, and as whom. Spread them into its `z.strictObject`. */
export const kafkaOptions = {
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
}

const shape = z.strictObject(kafkaOptions)

/** As written by `kafkaOptions`, checked. */
export type KafkaOptions = z.output<typeof shape>

/** How long the far end may take to answer, milliseconds. */
export const kafkaPatienceMs = 5_000

/** Settings of the library's clients. It asks for the password at each connection. Throws when the file of `ca` cannot be read. */
export async function kafkaSettings(
  { brokers, tls, ca, sasl }: KafkaOptions,
  host: { readonly projectDir: string },
  secrets: Secrets,
  codes: FailureCodes,
): Promise<BaseOptions> {
  const authorities = await authoritiesOf(ca, host, codes.misconfigured)
  return {
    clientId: 'streamalert',
    bootstrapBrokers: [...brokers],
    retries: 0,
    timeout: kafkaPatienceMs,
    connectTimeout: kafkaPatienceMs,
    requestTimeout: kafkaPatienceMs,
    autocreateTopics: false,
    ...(tls && { tls: { ...(authorities !== undefined && { ca: authorities }) }, tlsServerName: true }),
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism,
        username: sasl.username,
        password: async () => secrets.hide(await secrets.reveal(sasl.password)),
      },
    }),
  }
}

/** A client of the library, as far as its connections matter. */
interface Client {
  on(
    event: 'client:broker:connect' | 'client:broker:failed',
    listener: (event: ConnectionPoolEventPayload) => void,
  ): unknown
}

/** Of a connection's errors the client listens to the first only; the second (a reset after a refused password) would end the process. */
export function ignoreFurtherErrors(client: Client): void {
  const ignore = ({ connection }: ConnectionPoolEventPayload) => void connection.on('error', () => {})
  client.on('client:broker:connect', ignore)
  client.on('client:broker:failed', ignore)
}

/** What this client throws: errors with causes and lists of errors, and in them, where the broker answered, one with `apiId`. */
interface KafkaError extends Error {
  readonly code?: string
  /** `TOPIC_AUTHORIZATION_FAILED`: https://kafka.apache.org/protocol#protocol_error_codes */
  readonly apiId?: string
  readonly canRetry?: boolean
}

/** Anything thrown, without secrets. `hint`: what to do where the user may not do a thing. */
export function kafkaError(
  error: unknown,
  codes: FailureCodes,
  redact: (text: string) => string,
  hint: string,
): CodedError {
  const all = withCauses(error)
  const coded = all.find((one) => one instanceof CodedError)
  if (coded) return coded
  const said = [...new Set(all.map((one) => (one.apiId ? `${one.apiId}: ${one.message}` : messageOf(one))))]
  const message = `Kafka: ${redact(said.join(' ')).replace(/\s+/g, ' ').slice(0, 400)}`
  const answer = all.find(({ apiId }) => apiId !== undefined)
  if (all.some(({ code }) => code === 'PLT_KFK_AUTHENTICATION') && (answer || !all.some(isNetwork))) {
    return new CodedError(codes.misconfigured, message, { hint: 'Check mechanism, username and password.' })
  }
  if (/AUTHORIZATION_FAILED|INVALID_TOPIC/.test(answer?.apiId ?? '')) {
    return new CodedError(codes.misconfigured, message, { hint })
  }
  if (answer?.canRetry === false) return new CodedError(codes.rejected, message)
  const unknown = /Unknown topic|UNKNOWN_TOPIC/.test(message) && { hint: 'Is there a topic of that name?' }
  return new CodedError(codes.unavailable, message, { retry: 'later', ...unknown })
}

const isNetwork = ({ code }: KafkaError) => code === 'PLT_KFK_NETWORK' || code === 'PLT_KFK_TIMEOUT'

/** An error, what it lists and what caused it, ten levels deep at most. */
function withCauses(error: unknown, levels = 10): KafkaError[] {
  if (!(error instanceof Error) || levels === 0) return []
  const listed: readonly unknown[] = error instanceof AggregateError ? error.errors : []
  return [error, ...[...listed, error.cause].flatMap((inner) => withCauses(inner, levels - 1))]
}
