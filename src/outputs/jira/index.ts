import { z } from 'zod'
import { defineOutput } from '../../core/component.ts'
import { isPlainObject } from '../../core/plain.ts'
import { cutText } from '../shared/cut.ts'
import { address, secret, text } from '../shared/fields.ts'
import { fileTicket } from '../shared/ticket.ts'
import { vendorSend } from '../shared/vendor.ts'
import { field, incidentId, overridesOf, wordsOf } from '../shared/words.ts'
import { documents, wiki } from './text.ts'

/** Characters of a summary. */
const longestSummary = 255

const traits = {
  name: 'Jira',
  hints: {
    400: 'Check the project key and the type of issue, and that no field is required beside summary and description.',
    401: 'The e-mail address or the token is wrong, or the token has expired.',
    403: 'The user may not create issues in the project.',
    404: 'Check the address, and that the user may see the project.',
  },
}

/**
 * Files an issue: in Jira Cloud by the REST API v3 with an e-mail address and an API token
 * (https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-post), in Jira Data Center by
 * v2 with a personal access token (https://developer.atlassian.com/server/jira/platform/rest/). A label with the alert's id lets
 * an issue that is there already be found, so that a repeat is no second issue. An update is a comment; with `aggregate`,
 * so is an alert whose summary an open issue has. Publishers replace parts with `@jira.issue_summary` and `@jira.description`.
 *
 * Receipt: the issue's key.
 */
export default defineOutput({
  name: 'jira',
  summary: 'Files an issue in Jira (Cloud or Data Center) for each alert; updates become comments.',
  setup: `Jira Cloud: make an API token at <https://id.atlassian.com/manage-profile/security/api-tokens> with an account that may create issues in the
project, and set \`email\` and \`token\`. Jira Data Center: make a personal access token in the user's profile, and set \`token\` alone. The
project's screen for new issues must have labels and ask for nothing but summary and description.`,
  config: z.strictObject({
    url: address('Where Jira is, such as `https://acme.atlassian.net`.'),
    email: text('Jira Cloud: the e-mail address of the account. Left out: Jira Data Center.').optional(),
    token: secret('Jira Cloud: an API token. Jira Data Center: a personal access token.'),
    project: z
      .string()
      .regex(/^[A-Za-z]\w*$/, 'is not the key of a project')
      .meta({ description: "The project's key, such as `SEC`." }),
    issueType: text('The type of issue.').default('Task'),
    aggregate: z.boolean().default(false).meta({
      description: 'True: an alert whose summary an open issue of the project has becomes a comment on that issue.',
    }),
    labels: z
      .array(z.string().regex(/^\S+$/, 'has spaces'))
      .default(['streamalert'])
      .meta({ description: 'Labels of each issue, beside the one with the id.' }),
  }),
  examples: [
    {
      title: 'Jira Cloud',
      config: {
        url: 'https://acme.atlassian.net',
        email: 'alerts@acme.example',
        token: 'secret:JIRA_TOKEN',
        project: 'SEC',
      },
    },
    {
      title: 'Jira Data Center, one issue for alerts of the same summary',
      config: {
        url: 'https://jira.acme.example',
        token: 'secret:JIRA_PAT',
        project: 'SEC',
        issueType: 'Incident',
        aggregate: true,
      },
    },
  ],
  forPeople: true,
  publisherKeys: {
    issue_summary: 'The summary.',
    description: 'The description: plain text in Jira Cloud, wiki markup in Jira Data Center.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const token = await vendor.secret(config.token)
      const { email } = config
      const cloud = email !== undefined
      const headers = { authorization: cloud ? vendor.basic(email, token) : `Bearer ${token}` }
      const api = `${await vendor.base(config.url)}/rest/api/${cloud ? 3 : 2}`
      const markup = cloud ? documents : wiki
      const call = (path: string, json: unknown) => vendor.call({ url: `${api}${path}`, headers, json })

      const label = `streamalert-${incidentId(message)}`
      const own = overridesOf(message.publication, 'jira')
      const summary = cutText(own.text('issue_summary') ?? wordsOf(message).title, longestSummary)
      const search = async (jql: string, maxResults: number) => {
        const query = { jql: `project = "${config.project}" AND ${jql}`, maxResults, fields: ['summary'] }
        return issuesIn(await call(cloud ? '/search/jql' : '/search', query))
      }
      const comment = async (key: string) => {
        await call(`/issue/${encodeURIComponent(key)}/comment`, { body: markup.comment(message) })
      }

      return fileTicket(message, {
        find: async () => (await search(`labels = "${label}"`, 1))[0]?.key,
        async create() {
          const open = `summary ~ "${phrase(summary)}" AND statusCategory != Done ORDER BY created DESC`
          const like = config.aggregate
            ? (await search(open, 50)).find((issue) => issue.summary === summary)
            : undefined
          if (like) {
            await comment(like.key)
            return like.key
          }
          const fields = {
            project: { key: config.project },
            issuetype: { name: config.issueType },
            summary,
            description: markup.description(message),
            labels: [...config.labels, label],
          }
          return field(await call('/issue', { fields }), 'key')
        },
        comment,
      })
    },
  }),
})

/** A summary as an exact phrase in JQL: https://support.atlassian.com/jira-software-cloud/docs/search-for-issues-using-the-text-field/ */
const phrase = (summary: string) => `\\"${summary.replace(/["\\]/g, ' ')}\\"`

/** Issues of an answer: key and summary. */
function issuesIn(answer: unknown): readonly { readonly key: string; readonly summary: string | undefined }[] {
  const issues = isPlainObject(answer) && Array.isArray(answer['issues']) ? (answer['issues'] as unknown[]) : []
  return issues.flatMap((issue) => {
    const key = field(issue, 'key')
    return key === undefined ? [] : [{ key, summary: field(issue, 'fields', 'summary') }]
  })
}
