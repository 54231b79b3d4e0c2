import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { address, secret } from './shared/fields.ts'
import { sendGenieAlert } from './shared/genie.ts'
import { vendorSend } from './shared/vendor.ts'

const traits = {
  name: 'Jira Service Management',
  hints: {
    401: 'The API key is wrong: take it from the API integration, not from your Atlassian account.',
    403: 'The API key may not create alerts, or its integration is turned off.',
    422: 'The API key is wrong: take it from the API integration, not from your Atlassian account.',
  },
}

/**
 * Makes an alert in Jira Service Management's operations, by its integration events API:
 * https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/api-group-integration-events/. Publishers replace parts
 * with `@jsm.message`, `description`, `priority`, `tags`, `details`, `entity`, `responders`, `note`.
 */
export default defineOutput({
  name: 'jsm',
  summary: 'Makes an alert in Jira Service Management (Operations), the successor of Opsgenie.',
  setup: `In Jira Service Management: "Operations", the team, "Integrations", "Add integration", "API"; turn it on, and take its API key. Who is
called is up to the team's routing rules.`,
  config: z.strictObject({
    apiKey: secret('The key of an API integration; not the API token of a user.'),
    api: address("Atlassian's gateway.").default('https://api.atlassian.com'),
  }),
  examples: [{ title: "One team's integration", config: { apiKey: 'secret:JSM_KEY' } }],
  forPeople: true,
  publisherKeys: {
    message: 'The title.',
    description: 'The description.',
    priority: '`P1` to `P5`.',
    tags: 'A list of tags.',
    details: 'An object of texts in place of the facts.',
    entity: 'What is affected.',
    responders: 'A list of who is asked.',
    note: 'A note.',
  },
  concurrency: 4,
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const alerts = `${await vendor.base(config.api)}/jsm/ops/integration/v2/alerts`
      await sendGenieAlert(vendor, { alerts, key: await vendor.secret(config.apiKey), kind: 'jsm' }, message)
      return message.alert.updates ?? message.alert.id
    },
  }),
})
