import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { cutText } from './shared/cut.ts'
import { address, secret } from './shared/fields.ts'
import { detailsOf, mostSummary } from './shared/pagerduty.ts'
import { vendorSend } from './shared/vendor.ts'
import { incidentId, overridesOf, wordsOf } from './shared/words.ts'

const traits = {
  name: 'PagerDuty',
  hints: { 400: 'Check the service key: 32 characters, of an integration of the kind Events API v1.' },
  // https://developer.pagerduty.com/docs/events-api-v1-overview: 403 is its word for too many calls.
  limits: [403],
}

/**
 * Triggers a PagerDuty incident by the Events API v1: https://developer.pagerduty.com/docs/events-api-v1-overview. The
 * incident key is the alert's id, or that of the alert it updates. Publishers replace parts with `@pagerduty.description`,
 * `details`, `client_url` and `contexts`.
 */
export default defineOutput({
  name: 'pagerduty',
  summary: 'Triggers an incident in PagerDuty by its old Events API v1; for new integrations use `pagerduty-v2`.',
  setup: `PagerDuty keeps the Events API v1 for what was built on it, and has replaced it by v2, which knows severities and more: move to
\`pagerduty-v2\` by adding an integration "Events API V2" to the same service. The service key here is the integration key of an
integration "Events API v1".`,
  config: z.strictObject({
    serviceKey: secret('The integration key of the service.'),
    events: address("PagerDuty's Events API.").default('https://events.pagerduty.com'),
  }),
  examples: [{ title: 'A service with an old integration', config: { serviceKey: 'secret:PAGERDUTY_SERVICE_KEY' } }],
  forPeople: true,
  publisherKeys: {
    description: 'The title.',
    details: 'An object in place of description and record.',
    client_url: 'Where the alert can be seen.',
    contexts: 'A list of links and images.',
  },
  concurrency: 4,
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const own = overridesOf(message.publication, 'pagerduty')
      const [clientUrl, contexts] = [own.text('client_url'), own.list('contexts')]
      await vendor.call({
        url: `${await vendor.base(config.events)}/generic/2010-04-15/create_event.json`,
        json: {
          service_key: await vendor.secret(config.serviceKey),
          event_type: 'trigger',
          incident_key: incidentId(message),
          description: cutText(own.text('description') ?? wordsOf(message).title, mostSummary),
          details: detailsOf(message, own.object('details')),
          client: 'StreamAlert',
          ...(clientUrl !== undefined && { client_url: clientUrl }),
          ...(contexts && { contexts }),
        },
      })
    },
  }),
})
