import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Severity } from '../core/contracts/index.ts'
import { cutText, cutValue } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'
import { field, incidentId, overridesOf, wordsOf } from './shared/words.ts'

const types: Readonly<Record<Severity, string>> = {
  critical: 'CRITICAL',
  high: 'CRITICAL',
  medium: 'WARNING',
  low: 'WARNING',
  info: 'INFO',
}

const traits = {
  name: 'Splunk On-Call',
  hints: { 404: 'Check the API key and the routing key.', 403: 'Check the API key.' },
}

/** Of one alert, in all; Splunk publishes no limit. Bytes for the record, characters for the texts. */
const most = { title: 250, message: 10_000, record: 100_000 }

/**
 * Sends an alert to Splunk On-Call's REST endpoint:
 * https://help.splunk.com/en/splunk-observability-cloud/splunk-on-call/integrations-with-splunk-on-call/rest-endpoint-integration-for-splunk-on-call.
 * Its `entity_id` is the alert's id, or that of the alert it updates: each alert is an incident of its own, and repeats and
 * updates belong to it. Publishers replace parts with `@victorops.message_type`, `entity_display_name` and `state_message`.
 */
export default defineOutput({
  name: 'victorops',
  summary: 'Opens an incident in Splunk On-Call (formerly VictorOps).',
  setup: `In Splunk On-Call: "Integrations", "3rd Party Integrations", "REST - Generic", "Enable Integration". The address it shows ends in
\`/alert/<API key>/$routing_key\`: take the API key from it; routing keys are under "Settings", "Routing Keys". Alerts of
severe kinds (high, critical) page; medium and low ones are warnings, which open an incident when "Settings", "Alert Configuration" says so; info
ones only stand in the timeline.`,
  config: z.strictObject({
    apiKey: secret('The API key in the address of the REST integration.'),
    routingKey: text('Which team is called.'),
    url: address('The REST endpoint, up to `/alert`.').default(
      'https://alert.victorops.com/integrations/generic/20131114/alert',
    ),
  }),
  examples: [{ title: 'The security team', config: { apiKey: 'secret:VICTOROPS_KEY', routingKey: 'security' } }],
  forPeople: true,
  publisherKeys: {
    message_type: '`CRITICAL`, `WARNING` or `INFO`.',
    entity_display_name: 'The title.',
    state_message: 'The description.',
  },
  concurrency: 4,
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const { alert } = message
      const { title, description, record, changes } = wordsOf(message)
      const own = overridesOf(message.publication, 'victorops')
      const key = encodeURIComponent(await vendor.secret(config.apiKey))
      const answer = await vendor.call({
        url: `${await vendor.base(config.url)}/${key}/${encodeURIComponent(config.routingKey)}`,
        json: {
          message_type: own.text('message_type') ?? types[alert.severity],
          entity_id: incidentId(message),
          entity_display_name: cutText(own.text('entity_display_name') ?? title, most.title),
          state_message: cutText(own.text('state_message') ?? description, most.message),
          state_start_time: Math.floor(alert.record.time / 1000),
          monitoring_tool: 'StreamAlert',
          rule: alert.rule,
          severity: alert.severity,
          ...(record && { record: cutValue(record, most.record, alert.id) }),
          ...(changes && { changes: cutValue(changes, most.record, alert.id) }),
        },
      })
      if (field(answer, 'result') === 'failure') {
        throw vendor.failure('OUTPUT_REJECTED', `Splunk On-Call refuses the alert: ${field(answer, 'messages') ?? '?'}`)
      }
    },
  }),
})
