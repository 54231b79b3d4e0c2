import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { address, secret } from './shared/fields.ts'
import { type Genie, genieKeys, genieOutput } from './shared/genie.ts'

const genie: Genie = {
  kind: 'opsgenie',
  path: '/v2/alerts',
  traits: {
    name: 'Opsgenie',
    hints: {
      401: 'The API key is missing: check the secret.',
      403: 'The API key may not create alerts: the integration needs "Create and Update Access".',
      422: 'The API key is wrong, or of another region: accounts in the EU use https://api.eu.opsgenie.com.',
    },
  },
}

/**
 * Makes an alert in Opsgenie: https://docs.opsgenie.com/docs/alert-api#create-alert. Opsgenie ends on 5 April 2027
 * (https://www.atlassian.com/blog/announcements/evolution-of-it-operations): `jsm` is the same in its successor. Publishers
 * replace parts with `@opsgenie.message`, `description`, `priority`, `tags`, `details`, `entity`, `responders`, `note`.
 */
export default defineOutput({
  name: 'opsgenie',
  summary: 'Makes an alert in Opsgenie, which Atlassian shuts down on 5 April 2027; its successor is `jsm`.',
  setup: `Opsgenie has not been sold since 4 June 2025, and ends on 5 April 2027: once your account has moved to Jira Service Management, use
\`jsm\`, which takes the same options. In Opsgenie: the team, "Integrations", "Add integration", "API"; give it "Create and Update Access",
and take its API key.`,
  config: z.strictObject({
    apiKey: secret('The key of an API integration.'),
    api: address("Opsgenie's API; in the EU `https://api.eu.opsgenie.com`.").default('https://api.opsgenie.com'),
  }),
  examples: [
    { title: 'A team in the EU', config: { apiKey: 'secret:OPSGENIE_KEY', api: 'https://api.eu.opsgenie.com' } },
  ],
  forPeople: true,
  publisherKeys: genieKeys,
  concurrency: 4,
  create: (config, host) => genieOutput(genie, config, host),
})
