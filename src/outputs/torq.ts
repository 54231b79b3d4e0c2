import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { cutValue } from './shared/cut.ts'
import { secret, secretAddress } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'
import { overridesOf } from './shared/words.ts'

const longest = 1_000_000

const traits = {
  name: 'Torq',
  hints: {
    401: 'Is the authentication header the one of the integration?',
    404: 'Was the webhook integration removed?',
  },
}

/**
 * Posts each alert to a webhook integration: https://kb.torq.io/en/articles/9139841-webhook. Torq lets one choose the name and
 * the value of a header that authenticates; use it. Repeats have the same `id`. Publishers may give `@torq.body`.
 */
export default defineOutput({
  name: 'torq',
  summary: 'Posts each alert to workflows of Torq by a webhook integration.',
  setup:
    'In Torq: "Integrations", "Triggers", "Webhook", "Add", with an authentication header. Copy the URL. An alert that comes twice has the same `id`.',
  config: z.strictObject({
    url: secretAddress('The endpoint, `https://hooks.torq.io/v1/webhooks/…`.'),
    header: z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name')
      .default('Authorization')
      .meta({ description: 'Name of the authentication header.' }),
    secret: secret('Value of that header.').optional(),
  }),
  examples: [
    {
      title: 'With an authentication header',
      config: { url: 'secret:TORQ_WEBHOOK', header: 'X-Torq-Auth', secret: 'secret:TORQ_SECRET' },
    },
  ],
  publisherKeys: { body: 'An object in place of the publication.' },
  concurrency: 4,
  create: (config, host) => ({
    async send({ alert, publication }, signal) {
      const vendor = vendorSend(host, signal, traits)
      const value = config.secret !== undefined && (await vendor.secret(config.secret))
      await vendor.call({
        url: await vendor.secretAddress(config.url),
        headers: { 'x-streamalert-alert': alert.id, ...(value !== false && { [config.header]: value }) },
        json: cutValue(overridesOf(publication, 'torq').object('body') ?? publication, longest, alert.id),
      })
    },
  }),
})
