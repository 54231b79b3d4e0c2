import { createSign } from 'node:crypto'
import { expect, test } from 'vitest'
import { snsCertificate, snsKey } from '../../../testing/sns-certificate.ts'
import { untrustedCertificate } from '../../../testing/untrusted-certificate.ts'
import { isRefused } from '../exchange.ts'
import { startHttp } from '../fixture.ts'
import { options } from '../options.ts'
import { createSns } from './sns.ts'

const topic = 'arn:aws:sns:eu-central-1:123456789012:logs'
const time = '2026-12-01T09:00:00.000Z'
const certificateUrl =
  'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem'
const subscribeUrl = `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=abc`

type Fields = Readonly<Record<string, string>>

const notification: Fields = {
  Type: 'Notification',
  MessageId: 'm1',
  TopicArn: topic,
  Message: '{"n":1}',
  Timestamp: time,
  SignatureVersion: '2',
  SigningCertURL: certificateUrl,
}

const confirmation: Fields = {
  ...notification,
  Type: 'SubscriptionConfirmation',
  Message: 'You have chosen to subscribe …',
  Token: 'abc',
  SubscribeURL: subscribeUrl,
}

/** As https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html builds it. */
function signed(fields: Fields): Fields {
  const names =
    fields['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('')
  const sign = createSign(fields['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text)
  return { ...fields, Signature: sign.sign(snsKey, 'base64') }
}

/** A subscriber whose certificates and confirmations come from `answer`; and what it asked for and told. */
function startSns({
  answer = () => new Response(snsCertificate),
  envelope = false,
}: {
  answer?: (url: string) => Response
  envelope?: boolean
} = {}) {
  const asked: string[] = []
  const told: string[] = []
  let now = Date.parse(time) + 1_000
  const protocol = createSns(
    { topics: [topic], envelope, maxAgeMs: 86_400_000 },
    {
      now: () => now,
      tell: (level, text) => void told.push(`${level}: ${text}`),
      fetch: async (input) => {
        const url = typeof input === 'string' ? input : 'not a text'
        asked.push(url)
        return answer(url)
      },
    },
  )
  return {
    asked,
    told,
    wait: (ms: number) => (now += ms),
    /** What a message is answered with: the status of a refusal, or what the protocol made of it. */
    async send(fields: Fields) {
      const headers = { 'x-amz-sns-message-type': fields['Type'] }
      const body = Buffer.from(JSON.stringify(fields))
      const exchange = { method: 'POST', path: '/', query: new URLSearchParams(), headers, body, sent: body }
      const route = protocol.route(exchange)!
      const sender = await route.verify!(exchange)
      const outcome = isRefused(sender) ? sender : await route.handle(exchange)
      return isRefused(outcome) ? { status: outcome.refusal.status, reason: outcome.refusal.reason } : outcome
    },
  }
}

test('notifications of both versions of signatures are taken; the certificate is fetched once', async () => {
  const { send, asked } = startSns()
  for (const SignatureVersion of ['1', '2']) {
    expect(await send(signed({ ...notification, SignatureVersion, Subject: 'a subject' }))).toMatchObject({
      entries: [{ bytes: Buffer.from('{"n":1}') }],
      key: 'm1',
      answer: { status: 200 },
    })
  }
  expect(asked).toEqual([certificateUrl])
})

test('envelope: the record is what SNS puts around it, too', async () => {
  const outcome = await startSns({ envelope: true }).send(signed(notification))
  const entries = 'entries' in outcome ? outcome.entries : []
  expect(JSON.parse(Buffer.from(entries[0]!.bytes).toString())).toEqual({
    ...{ topic, id: 'm1', time, message: '{"n":1}' },
  })
})

test.each<[string, (good: Fields) => Fields]>([
  ['another message', (good) => ({ ...good, Message: '{"n":2}' })],
  ['a subject that was not signed', (good) => ({ ...good, Subject: 'x' })],
  ['the signature of the other version', (good) => ({ ...good, SignatureVersion: '1' })],
  ['no signature', (good) => ({ ...good, Signature: '' })],
  ['a topic of somebody else', (good) => signed({ ...good, TopicArn: topic.replace('123456789012', '999999999999') })],
  ['an unknown version', (good) => ({ ...good, SignatureVersion: '3' })],
  ['a message of long ago', (good) => signed({ ...good, Timestamp: '2026-11-28T09:00:00.000Z' })],
  ['a time that is none', (good) => signed({ ...good, Timestamp: 'yesterday' })],
])('%s is refused', async (_, change) => {
  expect(await startSns().send(change(signed(notification)))).toMatchObject({ status: 403 })
})

test.each([
  'http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-01.pem',
  'https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-01.pem',
  'https://evil.s3.amazonaws.com/SimpleNotificationService-01.pem',
  'https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-01.pem',
  'https://x@sns.eu-central-1.amazonaws.com/SimpleNotificationService-01.pem',
  'https://sns.eu-central-1.amazonaws.com/other/SimpleNotificationService-01.pem',
  'not an address',
])('a certificate at %s is not asked for', async (SigningCertURL) => {
  const { send, asked } = startSns()
  expect(await send(signed({ ...notification, SigningCertURL }))).toMatchObject({ status: 403 })
  expect(asked).toEqual([])
})

test.each<[string, () => Response]>([
  ['is not there', () => new Response('', { status: 404 })],
  ['is none', () => new Response('no certificate')],
  ['never ends', () => new Response('x'.repeat(100_000))],
  [
    'cannot be reached',
    () => {
      throw new Error('no network')
    },
  ],
])('a certificate that %s: SNS shall come again, and then it is asked for anew', async (_, answer) => {
  let broken = true
  const { send, asked, wait } = startSns({ answer: () => (broken ? answer() : new Response(snsCertificate)) })
  for (let time = 0; time < 2; time++) expect(await send(signed(notification))).toMatchObject({ status: 503 })
  expect(asked).toHaveLength(1)
  broken = false
  wait(30_001)
  expect(await send(signed(notification))).toMatchObject({ key: 'm1' })
})

test('a certificate that is not valid yet, or of another kind of key, vouches for nothing', async () => {
  const early = startSns()
  early.wait(-365 * 86_400_000)
  expect(await early.send(signed(notification))).toMatchObject({
    status: 403,
    reason: 'The certificate is not valid at this time.',
  })
  const other = startSns({ answer: () => new Response(untrustedCertificate) })
  expect(await other.send(signed(notification))).toMatchObject({ status: 403, reason: 'The signature is not valid.' })
})

test('addresses of many certificates are not all fetched', async () => {
  const { send, asked } = startSns({ answer: () => new Response('', { status: 404 }) })
  for (let n = 10; n < 40; n++) {
    await send(signed({ ...notification, SigningCertURL: certificateUrl.replace(/[0-9a-f]{2}\.pem/, `${n}.pem`) }))
  }
  expect(asked).toHaveLength(20)
})

test('a subscription is confirmed, and its end is told', async () => {
  const { send, asked, told } = startSns()
  expect(await send(signed(confirmation))).toMatchObject({ status: 200 })
  expect(asked).toEqual([certificateUrl, subscribeUrl])
  expect(await send(signed({ ...confirmation, Type: 'UnsubscribeConfirmation' }))).toMatchObject({ status: 200 })
  expect(asked).toHaveLength(2)
  expect(told).toEqual([`info: The subscription to ${topic} is confirmed.`, `warn: ${topic} is no longer subscribed.`])
})

test('a subscription is not confirmed elsewhere, nor when SNS does not answer, nor without a signature', async () => {
  const { send, asked } = startSns({
    answer: (url) => (url === certificateUrl ? new Response(snsCertificate) : new Response('', { status: 500 })),
  })
  const SubscribeURL = 'https://metadata.example/latest'
  expect(await send(signed({ ...confirmation, SubscribeURL }))).toMatchObject({ status: 400 })
  expect(await send({ ...confirmation, Signature: 'AAAA' })).toMatchObject({ status: 403 })
  expect(asked).toEqual([certificateUrl])
  expect(await send(signed(confirmation))).toMatchObject({ status: 503 })
})

test('what is no message of SNS is refused', async () => {
  const { send } = startSns()
  const { MessageId: _, ...without } = signed(notification)
  expect(await send(without)).toMatchObject({ status: 400 })
  expect(await send({ ...signed(notification), Type: 'Other' })).toMatchObject({ status: 400 })
})

test('in the source: signatures are asked for beside tokens; raw messages need a token', async () => {
  const { post, taken, counts } = await startHttp(
    { sns: { topics: [topic] }, tokens: ['secret:TOKEN'] },
    { TOKEN: 'a-token' },
  )
  const forged = { ...signed(notification), SigningCertURL: 'https://evil.example/cert.pem' }
  const headers = { 'x-amz-sns-message-type': 'Notification', 'content-type': 'text/plain; charset=UTF-8' }
  expect((await post('/', JSON.stringify(forged), headers)).status).toBe(403)
  const raw = { ...headers, 'x-amz-sns-rawdelivery': 'true' }
  expect((await post('/', 'raw', raw)).status).toBe(401)
  const basic = { authorization: `Basic ${Buffer.from('sns:a-token').toString('base64')}` }
  expect((await post('/', 'raw', { ...raw, ...basic })).status).toBe(200)
  expect(await taken(1)).toEqual(['raw'])
  expect(counts.get('refused')).toBe(2)
})

test.each([
  [{ sns: { topics: [topic] }, protocols: ['sns'] }, true],
  [{ sns: { topics: [topic] } }, false],
  [{ protocols: ['sns'] }, false],
  [{ sns: { topics: ['logs'] }, protocols: ['sns'] }, false],
])('reached from outside, %j is safe: %s', (config, ok) => {
  expect(options.safeParse({ listen: '0.0.0.0:8088', ...config }).success).toBe(ok)
})
