import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { address, secret } from './shared/fields.ts'
import { triggerEvent } from './shared/pagerduty.ts'
import { vendorSend } from './shared/vendor.ts'

const traits = {
  name: 'PagerDuty',
  hints: { 400: 'Check the routing key: 32 characters, of an integration of the kind Events API V2.' },
}

/**
 * Triggers a PagerDuty alert by the Events API v2: https://developer.pagerduty.com/docs/send-alert-event. A repeat and an
 * update carry the same `dedup_key`, so that they are one incident.
 */
export default defineOutput({
  name: 'pagerduty-v2',
  summary: 'Triggers an alert in PagerDuty (Events API v2).',
  setup: `In PagerDuty, open the service, "Integrations", "Add an integration", "Events API V2", and take its integration key.
Accounts in the EU set \`events\` to \`https://events.eu.pagerduty.com\`.`,
  config: z.strictObject({
    routingKey: secret('The integration key of the service, or of a ruleset or orchestration.'),
    events: address("PagerDuty's Events API.").default('https://events.pagerduty.com'),
  }),
  examples: [{ title: 'The on-call team', config: { routingKey: 'secret:PAGERDUTY_ROUTING_KEY' } }],
  forPeople: true,
  publisherKeys: {
    summary: 'The title.',
    custom_details: 'An object in place of description and record.',
    severity: '`critical`, `error`, `warning` or `info`.',
    client_url: 'Where the alert can be seen.',
    images: 'A list of images.',
    links: 'A list of links.',
    component: 'What is affected.',
    group: 'In place of the cluster.',
    class: 'In place of the rule.',
  },
  concurrency: 4,
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const key = await vendor.secret(config.routingKey)
      await vendor.call({ url: `${await vendor.base(config.events)}/v2/enqueue`, json: triggerEvent(message, key) })
    },
  }),
})
