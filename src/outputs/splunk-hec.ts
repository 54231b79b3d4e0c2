import { createHash } from 'node:crypto'
import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { asObject, cutValue } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'
import { overridesOf } from './shared/words.ts'

/** Splunk Cloud takes up to 1 MB: https://help.splunk.com/en/splunk-cloud-platform (service description, "Data collection") */
const longest = 1_000_000
/** Room for what stands around the event. */
const around = 4_096

const traits = {
  name: 'Splunk',
  hints: {
    400: 'Does the token allow this index?',
    403: 'Is the token right, and enabled?',
    404: 'Is this the address of the HTTP Event Collector? It has a port of its own, 8088 by default.',
  },
}

/**
 * Sends each alert as an event: https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data/http-event-collector-rest-api-endpoints
 * Indexed fields `alert`, `rule` and `severity` come along. Splunk has no deduplication: `… | dedup alert`. Every request names a channel,
 * which tokens with indexer acknowledgement ask for; acknowledgements are not waited for.
 * Publishers may give `@splunk-hec.event`: the event.
 */
export default defineOutput({
  name: 'splunk-hec',
  summary: 'Sends each alert as an event to the HTTP Event Collector of Splunk.',
  setup:
    'In Splunk: "Settings", "Data inputs", "HTTP Event Collector", "New Token". Enable all tokens in "Global Settings". An event that comes twice has the same `alert`: `… | dedup alert`.',
  config: z.strictObject({
    url: address('Address of the collector, with its port: `https://splunk.example.com:8088`.'),
    token: secret('Token of the collector.'),
    index: text('Index. Default: that of the token.').optional(),
    sourcetype: text('Source type.').default('streamalert:alert'),
    host: text('Host that events name. Default: that of the collector.').optional(),
  }),
  examples: [
    {
      title: 'Into an index for alerts',
      config: { url: 'https://splunk.example.com:8088', token: 'secret:SPLUNK_TOKEN', index: 'alerts' },
    },
  ],
  publisherKeys: { event: 'The event, in place of the publication.' },
  concurrency: 4,
  create: (config, host) => ({
    async send({ alert, publication }, signal) {
      const vendor = vendorSend(host, signal, traits)
      const own = overridesOf(publication, 'splunk-hec').any('event')
      const event = typeof own === 'string' ? { message: own } : asObject(own ?? publication)
      await vendor.call({
        url: `${await vendor.base(config.url)}/services/collector/event`,
        headers: {
          authorization: `Splunk ${await vendor.secret(config.token)}`,
          'x-splunk-request-channel': channelOf(host.name),
        },
        json: {
          time: Date.parse(alert.createdAt) / 1000,
          source: 'streamalert',
          sourcetype: config.sourcetype,
          ...(config.host !== undefined && { host: config.host }),
          ...(config.index !== undefined && { index: config.index }),
          event: cutValue(event, longest - around, alert.id),
          fields: { alert: alert.id, rule: alert.rule, severity: alert.severity },
        },
      })
    },
  }),
})

/** A channel is a GUID of the sender's choice: this output's name, hashed. */
function channelOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
