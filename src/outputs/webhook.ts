import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { type Publication, publicationJson } from '../core/publish.ts'
import { sendHttp, setHeader } from './http.ts'
import { secretName, secretsOf } from './secrets.ts'
import { jsonOf } from './shared/cut.ts'
import { compileTemplate, faultsOf } from './shared/template.ts'
import { hideAddress } from './shared/vendor.ts'

const address = z
  .union([
    z.url({ protocol: /^https?$/, error: 'is not an http:// or https:// address' }),
    z.string().regex(secretName),
  ])
  .meta({ description: 'Where to post. An address that is itself a secret is written `secret:NAME`.', secret: true })

const template = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown())], 'is not an object or a list')
  .check(({ value, issues }) => {
    for (const message of faultsOf(value)) issues.push({ code: 'custom', message, input: value })
  })
  .meta({
    description:
      'The body, instead of the alert as it is: an object or a list, in whose texts `{{title}}` or `{{record.user.name}}` stand for ' +
      'values of the alert. A text that is one placeholder becomes the value with its type, `null` where there is none; within a longer text a value that is not there is empty.',
  })

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/**
 * Posts each alert as JSON, in the form that `--json` prints or that of a template. `Idempotency-Key` and `X-StreamAlert-Alert` carry the
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
    method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').meta({ description: 'HTTP method.' }),
    contentType: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+(;[ -~]*)?$/, 'is not a media type: write application/json')
      .default('application/json')
      .meta({ description: 'What the body is called: `application/cloudevents+json`, say.' }),
    template: template.optional(),
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
    {
      title: 'In the form that a ticket system takes',
      config: {
        url: 'https://tickets.example.com/api/issues',
        template: {
          title: '[{{severity}}] {{title}}',
          labels: ['security', '{{rule}}'],
          details: { id: '{{id}}', user: '{{record.user.name}}', record: '{{record}}' },
        },
      },
    },
  ],
  concurrency: 4,
  create(config, host) {
    const fill = config.template && compileTemplate(config.template)
    const bodyOf = (publication: Publication) => (fill ? jsonOf(fill(publication)) : publicationJson(publication))
    return {
      async send({ alert, publication }, signal) {
        const { reveal, hide, redact } = secretsOf(host)
        const shown = await reveal(config.url)
        const url = shown === config.url ? shown : hideAddress(shown, hide)
        const key = config.signature && (await reveal(config.signature))
        const body = bodyOf(publication)
        const headers = new Headers({ 'content-type': config.contentType, 'user-agent': 'StreamAlert' })
        for (const [name, value] of Object.entries(config.headers)) setHeader(headers, name, await reveal(value))
        headers.set('idempotency-key', alert.id)
        headers.set('x-streamalert-alert', alert.id)
        if (key) headers.set('x-streamalert-signature', sign(key, body, host.now()))
        await sendHttp(
          { method: config.method, url, headers, body },
          { fetch: host.fetch, signal, now: host.now(), redact },
        )
      },
    }
  },
})

function sign(key: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`
}
