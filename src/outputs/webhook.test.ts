import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import { retryAfter } from './http.ts'
import webhook from './webhook.ts'

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')

httpOutputContract({
  kind: webhook,
  config: (url) => ({
    url: `${url}/hook`,
    headers: { Authorization: 'secret:TOKEN', 'X-Team': 'blue' },
    signature: 'secret:KEY',
  }),
  secrets: { TOKEN: 'Bearer t0p-s3cr3t-t0k3n', KEY: 'an-hmac-key-nobody-knows' },
  request: (alert, body) => ({
    method: 'POST',
    path: '/hook',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer t0p-s3cr3t-t0k3n',
      'x-team': 'blue',
      'idempotency-key': alert.id,
      'x-streamalert-alert': alert.id,
      'x-streamalert-signature': `t=1770112932,v1=${hmac('an-hmac-key-nobody-knows', `1770112932.${body}`)}`,
    },
    json: publish(alert),
  }),
})

const send = (config: unknown, secret = '') => {
  const host = createOutputHost({ secrets: { HOOK: secret, TOKEN: secret } })
  return webhook.create(webhook.config.parse(config), host).send(messageOf(sampleAlert), AbortSignal.timeout(10_000))
}

test('a template gives the body, a signature is over it', async () => {
  await using server = await startServer([{ status: 200 }])
  await send({
    url: server.url,
    method: 'PUT',
    contentType: 'application/vnd.tickets+json',
    signature: 'key',
    template: { title: '[{{severity}}] {{title}}', user: '{{record.columns.username}}', none: ['{{record.none}}'] },
  })
  const [request] = server.requests
  expect(request).toMatchObject({ method: 'PUT', headers: { 'content-type': 'application/vnd.tickets+json' } })
  expect(JSON.parse(request?.body ?? '')).toEqual({ title: '[high] sudo on web-3.pci', user: 'älice', none: [null] })
  expect(request?.headers['x-streamalert-signature']).toBe(
    `t=1770112932,v1=${hmac('key', `1770112932.${request?.body}`)}`,
  )
})

test('what is wrong with a template is told before anything is sent', () => {
  const parsed = webhook.config.safeParse({ url: 'https://example.com', template: { a: '{{}}', b: ['{{x[}}'] } })
  expect(parsed.error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [['template'], '"{{}}" holds no path: write {{title}} or {{record.user.name}}'],
    [['template'], '"{{x[}}" holds no path: write {{title}} or {{record.user.name}}'],
  ])
})

test('a template is an object or a list', () => {
  const parsed = webhook.config.safeParse({ url: 'https://example.com', template: '{{title}}' })
  expect(parsed.error?.issues).toMatchObject([{ path: ['template'], message: 'is not an object or a list' }])
})

test.each(['json', 'text/plain\nX: y', ''])('%j is no media type', (contentType) => {
  expect(webhook.config.safeParse({ url: 'https://example.com', contentType }).success).toBe(false)
})

test('an address that is itself a secret is not told', async () => {
  await using server = await startServer([{ status: 200 }, { status: 404, body: 'nothing at /services/T0/s3cr3t' }])
  const address = `${server.url}/services/T0/s3cr3t`
  await send({ url: 'secret:HOOK' }, address)
  expect(server.requests[0]?.path).toBe('/services/T0/s3cr3t')
  await expect(send({ url: 'secret:HOOK' }, 's3cr3t nonsense')).rejects.toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    message: 'The address is not an http:// or https:// address.',
  })
  await expect(send({ url: 'secret:HOOK' }, 'https://user:s3cr3t@127.0.0.1/')).rejects.toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    message: 'The address holds a user name or password.',
  })
})

test('a secret that cannot be a header is not told', async () => {
  await using server = await startServer([{ status: 200 }])
  await expect(
    send({ url: server.url, headers: { Authorization: 'secret:TOKEN' } }, 's3cr3t\nX: y'),
  ).rejects.toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    message: 'The value of header Authorization has characters that no header may have.',
  })
  expect(server.requests).toEqual([])
})

test('an answer that breaks off after its status has been given is an answer', async () => {
  await using server = await startServer(['half'])
  await send({ url: server.url })
  expect(server.requests).toHaveLength(1)
})

test.each(['ftp://example.com/', 'example.com', '', 'secret:'])('%j is no address', (url) => {
  expect(webhook.config.safeParse({ url }).success).toBe(false)
})

test.each(webhook.examples)('example: $title', ({ config }) => {
  expect(webhook.config.parse(config)).toMatchObject(config)
})

test.each([
  ['120', 120_000],
  [' 5 ', 5_000],
  ['Tue, 03 Feb 2026 10:03:12 GMT', 60_000],
  ['Tue, 03 Feb 2026 09:00:00 GMT', undefined],
  ['soon', undefined],
  ['-5', undefined],
  [null, undefined],
])('Retry-After %j is %j ms', (header, ms) => {
  expect(retryAfter(header, Date.UTC(2026, 1, 3, 10, 2, 12))).toBe(ms)
})
