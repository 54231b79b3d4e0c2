import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { address, secret } from './shared/fields.ts'
import { type Genie, genieKeys, genieOutput } from './shared/genie.ts'

const genie: Genie = {
  kind: 'jsm',
  path: '/jsm/ops/integration/v2/alerts',
  traits: {
    name: 'Jira Service Management',
    hints: {
      401: 'The API key is wrong: take it from the API integration, not from your Atlassian account.',
      403: 'The API key may not create alerts, or its integration is turned off.',
      422: 'The API key is wrong: take it from the API integration, not from your Atlassian account.',
    },
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
  publisherKeys: genieKeys,
  concurrency: 4,
  create: (config, host) => genieOutput(genie, config, host),
})
