import type { Publisher } from '../core/contracts/index.ts'
import { definePublisher } from '../core/publisher.ts'
import type { Publication } from '../core/publish.ts'

/**
 * What the output `slack` says: `@slack.text` (mrkdwn, https://docs.slack.dev/messaging/formatting-message-text) and
 * `@slack.attachments` (https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments). The output
 * cuts what is too long for Slack.
 */
interface Attachment {
  readonly title?: string
  readonly text: string
  readonly mrkdwn_in?: readonly string[]
}

/** One line: the severity and the title. */
export const slackSummary = definePublisher({
  name: 'slack-summary',
  description: 'Slack: one line with severity and title, nothing attached.',
  publish: (alert, publication) => ({
    ...publication,
    '@slack.text': `*${alert.severity}* ${escape(alert.title)}`,
    '@slack.attachments': [],
  }),
})

/** The rule's name and description as an attachment. */
export const slackRule = definePublisher({
  name: 'slack-rule',
  description: 'Slack: attaches the name and the description of the rule.',
  publish: (alert, publication) => attach(publication, { title: escape(alert.rule), text: escape(alert.description) }),
})

/** The publication so far as an attachment; keys that speak to one kind of output are left out. */
export const slackPublication = definePublisher({
  name: 'slack-publication',
  description: 'Slack: attaches what the publishers before have left of the alert.',
  publish: (_, publication) =>
    attach(publication, {
      title: 'Alert',
      text: code(Object.fromEntries(Object.entries(publication).filter(([key]) => !key.startsWith('@')))),
      mrkdwn_in: ['text'],
    }),
})

/** The whole record as an attachment. */
export const slackRecord = definePublisher({
  name: 'slack-record',
  description: 'Slack: attaches the whole record.',
  publish: (alert, publication) =>
    attach(publication, { title: 'Record', text: code(alert.record.data), mrkdwn_in: ['text'] }),
})

/**
 * Text with values of the publication: `{record.userIdentity.arn} from {record.sourceIPAddress}`. A path that leads nowhere
 * is written as `(none)`.
 */
export const slackTemplate = (template: string): Publisher =>
  definePublisher({
    name: `slack-template(${template})`,
    description: 'Slack: attaches text made from a template.',
    publish: (_, publication) =>
      attach(publication, {
        text: template.replace(/\{([^{}]+)\}/g, (_whole, path: string) => escape(textAt(publication, path))),
        mrkdwn_in: ['text'],
      }),
  })

function attach(publication: Publication, attachment: Attachment): Publication {
  const before = publication['@slack.attachments']
  return { ...publication, '@slack.attachments': [...(Array.isArray(before) ? (before as unknown[]) : []), attachment] }
}

/** Slack's three control characters (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const code = (value: unknown) => `\`\`\`${escape(JSON.stringify(value, null, 2))}\`\`\``

function textAt(publication: Publication, path: string): string {
  const found = path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Publication)[key]
          : undefined,
      publication,
    )
  if (found === undefined || found === null) return '(none)'
  return typeof found === 'string' ? found : JSON.stringify(found)
}
