import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { publicationJson } from '../core/publish.ts'
import { sendHttp, setHeader } from './http.ts'
import { secretName, secretsOf } from './secrets.ts'

const address = z
  .union([
    z.url({ protocol: /^https?$/, error: 'is not an http:// or https:// address' }),
    z.string().regex(secretName),
  ])
  .meta({ description: 'Where to post. An address that is itself a secret is written `secret:NAME`.', secret: true })

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/**
 * Posts each alert as JSON, in the form that `--json` prints. `Idempotency-Key` and `X-StreamAlert-Alert` carry the
 * alert's id: a receiver that keeps the ids it has seen gets each alert once, even when a crash makes us repeat one.
 *
 * With `signature`, `X-StreamAlert-Signature: t=<epoch seconds>,v1=<hex>` is the HMAC-SHA-256 of `<t>.<body>`, as Stripe
 * does it (https://docs.stripe.com/webhooks#verify-manually): the receiver knows who sent it, and that it is not a replay.
 */
export default defineOutput({
  name: 'webhook',
  summary: 'Posts each alert as JSON to an HTTP address.',
  config: z.strictObject({
    url: address,
    headers: z
      .record(z.string().regex(headerName, 'is not a header name'), z.string())
      .default({})
      .meta({ description: 'Headers to add. A value may be `secret:NAME`.', secret: true }),
    signature: z.string().optional().meta({ description: 'Key that signs each request; `secret:NAME`.', secret: true }),
  }),
  examples: [
    { title: 'Every alert to one address', config: { url: 'https://alerts.example.com/hook' } },
    {
      title: 'With a token and a signature',
      config: {
        url: 'https://alerts.example.com/hook',
        headers: { Authorization: 'secret:HOOK_AUTHORIZATION' },
        signature: 'secret:HOOK_KEY',
      },
    },
  ],
  concurrency: 4,
  create: (config, host) => ({
    async send({ alert, publication }, signal) {
      const { reveal, redact } = secretsOf(host)
      const url = await reveal(config.url)
      const key = config.signature && (await reveal(config.signature))
      const body = publicationJson(publication)
      const headers = new Headers({ 'content-type': 'application/json', 'user-agent': 'StreamAlert' })
      for (const [name, value] of Object.entries(config.headers)) setHeader(headers, name, await reveal(value))
      headers.set('idempotency-key', alert.id)
      headers.set('x-streamalert-alert', alert.id)
      if (key) headers.set('x-streamalert-signature', sign(key, body, host.now()))
      await sendHttp({ method: 'POST', url, headers, body }, { fetch: host.fetch, signal, now: host.now(), redact })
    },
  }),
})

function sign(key: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`
}
