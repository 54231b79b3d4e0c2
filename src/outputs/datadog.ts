import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Severity } from '../core/contracts/index.ts'
import { cutText, cutValue } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'
import { overridesOf, wordsOf } from './shared/words.ts'

/** A single log may have 1 MB; Datadog cuts what is longer, and with it its JSON. */
const longest = 1_000_000
const around = 32_000

const statuses: Readonly<Record<Severity, string>> = {
  info: 'info',
  low: 'notice',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
}

const traits = {
  name: 'Datadog',
  hints: { 401: 'Is the API key set?', 403: 'Is the API key of this site, and not an application key?' },
}

/**
 * Sends each alert as a log: https://docs.datadoghq.com/api/latest/logs/#send-logs. Logs, not events: events have no room for
 * a record, and monitors and Cloud SIEM look at logs. The alert stands in the attribute `streamalert`, away from the names that Datadog reserves. It has
 * no deduplication: `streamalert.id` tells repeats. Publishers may give `@datadog.message`, `.tags` (a list) and `.attributes`.
 */
export default defineOutput({
  name: 'datadog',
  summary: 'Sends each alert as a log to Datadog.',
  setup:
    'In Datadog: "Organization Settings", "API Keys", "New Key". The site is in the address of your Datadog. A log that comes twice has the same `streamalert.id`.',
  config: z.strictObject({
    apiKey: secret('API key.'),
    site: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is not a site: write datadoghq.eu')
      .default('datadoghq.com')
      .meta({ description: 'Site: `datadoghq.com`, `us3.datadoghq.com`, `datadoghq.eu`, `ddog-gov.com`, …' }),
    url: address('Another address that takes logs, such as a proxy or pipeline. Default: that of the site.').optional(),
    service: text('Service that the logs name.').default('streamalert'),
    hostname: text('Host that the logs name.').optional(),
    tags: z
      .array(z.string().regex(/^[^,\s]+$/, 'is not a tag: no commas and spaces'))
      .default([])
      .meta({ description: 'Tags to add: `env:prod`.' }),
  }),
  examples: [
    {
      title: 'The European site',
      config: { apiKey: 'secret:DATADOG_API_KEY', site: 'datadoghq.eu', tags: ['env:prod'] },
    },
  ],
  publisherKeys: {
    message: 'The message.',
    tags: 'A list of further tags.',
    attributes: 'An object in place of the publication.',
  },
  concurrency: 4,
  create: (config, host) => ({
    async send(message, signal) {
      const { alert, publication } = message
      const vendor = vendorSend(host, signal, traits)
      const own = overridesOf(publication, 'datadog')
      const { title, description } = wordsOf(message)
      const tags = [`rule:${alert.rule}`, `severity:${alert.severity}`, `cluster:${alert.cluster}`]
      const more = own.list('tags')?.filter((tag) => typeof tag === 'string') ?? []
      const base = await vendor.base(config.url ?? `https://http-intake.logs.${config.site}`)
      const log = {
        ddsource: 'streamalert',
        ddtags: cutText([...tags, ...config.tags, ...more].map(tagText).join(','), 4_000, ''),
        service: config.service,
        ...(config.hostname !== undefined && { hostname: config.hostname }),
        status: statuses[alert.severity],
        timestamp: alert.createdAt,
        message: cutText(own.text('message') ?? [title, description].filter((line) => line !== '').join('\n'), 4_000),
        streamalert: cutValue(own.object('attributes') ?? publication, longest - around, alert.id),
      }
      await vendor.call({
        url: `${base}/api/v2/logs`,
        headers: { 'dd-api-key': await vendor.secret(config.apiKey) },
        json: [log],
      })
    },
  }),
})

/** A tag holds letters, digits and `_-:./`: https://docs.datadoghq.com/getting_started/tagging/#define-tags */
const tagText = (tag: string) => tag.replace(/[^\p{L}\p{N}_\-:./]+/gu, '_').slice(0, 200)
