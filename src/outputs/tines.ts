import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { cutValue } from './shared/cut.ts'
import { secret, secretAddress } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'
import { overridesOf } from './shared/words.ts'

const longest = 1_000_000

const traits = {
  name: 'Tines',
  hints: {
    401: 'Is the secret of the webhook right?',
    404: 'Is the address of the webhook whole, and the story live?',
  },
}

/**
 * Posts each alert to a Webhook action: https://www.tines.com/docs/actions/types/webhook/. Its secret stands at the end of the
 * address or, better, for it does not come into logs of proxies then, goes along as a bearer token. In the story, an Event
 * Transform with "deduplicate" on `id` drops repeats. Publishers may give `@tines.body`.
 */
export default defineOutput({
  name: 'tines',
  summary: 'Posts each alert to a story of Tines by its webhook.',
  setup:
    'In Tines: a Webhook action that takes POST. Copy its URL, or the URL without its last part and that part as the secret. An alert that comes twice has the same `id`.',
  config: z.strictObject({
    url: secretAddress('The webhook, `https://TENANT.tines.com/webhook/PATH/SECRET` or without the secret.'),
    secret: secret('Secret of the webhook, where the address has none.').optional(),
  }),
  examples: [
    { title: 'By the whole address', config: { url: 'secret:TINES_WEBHOOK' } },
    {
      title: 'With the secret as a bearer token',
      config: { url: 'https://example.tines.com/webhook/alerts', secret: 'secret:TINES_SECRET' },
    },
  ],
  publisherKeys: { body: 'An object in place of the publication.' },
  concurrency: 4,
  create: (config, host) => ({
    async send({ alert, publication }, signal) {
      const vendor = vendorSend(host, signal, traits)
      const bearer = config.secret !== undefined && `Bearer ${await vendor.secret(config.secret)}`
      await vendor.call({
        url: await vendor.secretAddress(config.url),
        headers: { 'x-streamalert-alert': alert.id, ...(bearer !== false && { authorization: bearer }) },
        json: cutValue(overridesOf(publication, 'tines').object('body') ?? publication, longest, alert.id),
      })
    },
  }),
})
