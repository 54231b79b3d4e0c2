import { parseJson } from '../../../core/json.ts'
import { type Exchange, header, json, type Outcome, type Protocol, refusalHeaders, refuse } from '../exchange.ts'
import { field, jsonEntry, textEntry } from '../records.ts'
import { createVerify, isAddressOfSns, type SnsMessage } from './sns-signature.ts'

export interface SnsOptions {
  /** ARNs of the topics whose messages are taken. */
  readonly topics: readonly string[]
  /** Whether a record is given with what SNS puts around it. */
  readonly envelope: boolean
  /** Messages that are older are refused: whether they came before is forgotten. Milliseconds. */
  readonly maxAgeMs: number
}

export interface SnsHost {
  now(): number
  /** For people: a subscription that was confirmed, or ended. */
  tell(level: 'info' | 'warn', text: string): void
  readonly fetch: typeof globalThis.fetch
}

/**
 * A subscriber of Amazon SNS, on any path: told by `X-Amz-Sns-Message-Type`. The signature of a configured topic stands for a token. The
 * subscription is confirmed when SNS asks for that. A message that is sent again has the same id. With raw delivery nothing is
 * signed: such requests are plain ones, and need a token (`https://any:TOKEN@…`).
 * https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
export function createSns(options: SnsOptions, host: SnsHost): Protocol {
  const verify = createVerify(options, host)
  return {
    name: 'sns',
    route(head) {
      if (head.method !== 'POST' || header(head, 'x-amz-sns-message-type') === undefined) return undefined
      if (header(head, 'x-amz-sns-rawdelivery') === 'true') return undefined
      return {
        async verify({ sent }) {
          const message = messageOf(sent)
          return message ? ((await verify(message)) ?? { name: message.TopicArn }) : notOfSns
        },
        handle: (exchange) => handle(exchange, options, host),
      }
    },
    refuse: (_, refusal) => json(refusal.status, { error: refusal.reason }, refusalHeaders(refusal)),
  }
}

const notOfSns = refuse(400, 'The body is no message of SNS.')
const taken = json(200, {})

async function handle({ body }: Exchange, { envelope }: SnsOptions, host: SnsHost): Promise<Outcome> {
  const message = messageOf(body)
  if (!message) return notOfSns
  const { Type, TopicArn, MessageId, Message, Subject, Timestamp } = message
  if (Type === 'SubscriptionConfirmation') return confirm(message, host)
  if (Type === 'UnsubscribeConfirmation') {
    host.tell('warn', `${TopicArn} is no longer subscribed.`)
    return taken
  }
  const around = { topic: TopicArn, id: MessageId, time: Timestamp, subject: Subject, message: Message }
  const entry = envelope ? jsonEntry(around) : textEntry(Buffer.from(Message))
  return { entries: [entry], key: MessageId, answer: taken }
}

const patienceMs = 5_000

/** Says yes to SNS. What it says no to, it will ask again. */
async function confirm({ TopicArn, SubscribeURL = '' }: SnsMessage, { fetch, tell }: SnsHost): Promise<Outcome> {
  if (!isAddressOfSns(SubscribeURL)) return refuse(400, 'SubscribeURL is not an address of SNS.')
  const again = refuse(503, 'The subscription could not be confirmed.', { retryAfter: 30 })
  try {
    const response = await fetch(SubscribeURL, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) })
    await response.body?.cancel()
    if (!response.ok) return again
  } catch {
    return again
  }
  tell('info', `The subscription to ${TopicArn} is confirmed.`)
  return taken
}

const types = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']
const required = [
  'Type',
  'MessageId',
  'TopicArn',
  'Message',
  'Timestamp',
  'SignatureVersion',
  'Signature',
  'SigningCertURL',
]
const optional = ['Subject', 'SubscribeURL', 'Token']

/** Undefined where the body is none. Only fields that are known are taken, and only texts. */
function messageOf(body: Buffer): SnsMessage | undefined {
  const parsed = parseJson(body.toString())
  if (!('value' in parsed)) return undefined
  const entries = [...required, ...optional].map((name) => [name, field(parsed.value, name)] as const)
  const texts = entries.filter(([, value]) => typeof value === 'string')
  const message = Object.fromEntries(texts) as unknown as SnsMessage
  const whole = required.every((name) => Object.hasOwn(message, name))
  return whole && types.includes(message.Type) ? message : undefined
}
