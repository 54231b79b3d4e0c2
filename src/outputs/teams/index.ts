import { z } from 'zod'
import { defineOutput } from '../../core/component.ts'
import { secretAddress } from '../shared/fields.ts'
import { vendorSend } from '../shared/vendor.ts'
import { messageWithCard } from './card.ts'

const traits = {
  name: 'Microsoft Teams',
  hints: {
    400: 'The workflow does not accept a card: it must begin with "When a Teams webhook request is received".',
    401: 'The address is wrong or was renewed: copy it from the workflow again.',
    403: 'The workflow lets only people of the organisation post: set it to "Anyone".',
    404: 'The workflow was removed or turned off.',
  },
}

/**
 * Posts an Adaptive Card to a workflow of Microsoft Teams:
 * https://support.microsoft.com/en-us/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498.
 * Office 365 connectors (addresses at `webhook.office.com`), which the predecessor used, are retired:
 * https://devblogs.microsoft.com/microsoft365dev/retirement-of-office-365-connectors-within-microsoft-teams/. A workflow answers
 * 202 and no name of the message, so that an update is a card of its own. Publishers replace parts with `@teams.title`,
 * `description`, `card_color` (the name of a container's style), `with_record`, `additional_card_sections`, `buttons`.
 */
export default defineOutput({
  name: 'teams',
  summary: 'Posts each alert as an Adaptive Card to a Microsoft Teams channel or chat, by a workflow.',
  setup: `In Teams: "…" beside the channel, "Workflows", the template "Send webhook alerts to a channel", and copy the address it shows. Addresses of
Office 365 connectors (\`…webhook.office.com\`) no longer work: Microsoft has retired connectors, and workflows take their place. A workflow
belongs to the person who made it: add a second owner.`,
  config: z.strictObject({ url: secretAddress("The workflow's address.") }),
  examples: [{ title: 'One channel', config: { url: 'secret:TEAMS_WORKFLOW' } }],
  forPeople: true,
  publisherKeys: {
    title: 'The title, in Markdown.',
    description: 'The description, in Markdown.',
    card_color: 'The style of the title: `default`, `emphasis`, `good`, `attention`, `warning` or `accent`.',
    with_record: '`false` leaves the record out.',
    additional_card_sections:
      'A list of elements of an Adaptive Card, or of sections `{title, text, facts: [{name, value}]}`.',
    buttons: 'A list of actions, or of `{text, url}`; at most 6.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      await vendor.call({ url: await vendor.secretAddress(config.url), json: messageWithCard(message) })
    },
  }),
})
