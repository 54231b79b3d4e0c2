import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Message } from '../core/contracts/index.ts'
import { cutJson, cutText } from './shared/cut.ts'
import { address, secret } from './shared/fields.ts'
import { fileTicket } from './shared/ticket.ts'
import { vendorSend } from './shared/vendor.ts'
import { field, incidentId, overridesOf, wordsOf } from './shared/words.ts'

/** Characters of a title and a body that GitHub takes. */
const most = { title: 256, body: 65_536, record: 50_000 }

const traits = {
  name: 'GitHub',
  hints: {
    401: 'The token is wrong or has expired.',
    403: 'The token may not write issues of the repository.',
    404: 'There is no such repository, or the token may not see it.',
    410: 'Issues are turned off in the repository.',
    422: 'GitHub does not accept what was sent; labels must be plain texts.',
  },
}

/**
 * Opens an issue: https://docs.github.com/en/rest/issues/issues#create-an-issue. Its body carries the alert's id, by which an
 * issue that is there already is found (https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests), so that
 * a repeat is no second issue; an update is a comment. Publishers replace parts with `@github.title` and `@github.body`.
 *
 * Receipt: the issue's number.
 */
export default defineOutput({
  name: 'github',
  summary: 'Opens an issue in a GitHub repository for each alert; updates become comments.',
  setup: `Make a fine-grained personal access token at <https://github.com/settings/personal-access-tokens> for the one repository, with the
permission "Issues: Read and write". Let the repository be private: alerts show what was logged. GitHub allows 30 searches a minute, and so
as many alerts.`,
  config: z.strictObject({
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'is not written owner/name')
      .meta({ description: 'Owner and name, such as `acme/alerts`.' }),
    token: secret('A personal access token, or that of an app.'),
    labels: z.array(z.string()).default([]).meta({ description: 'Labels of each issue.' }),
    api: address("GitHub's API; of GitHub Enterprise Server `https://HOST/api/v3`.").default('https://api.github.com'),
  }),
  examples: [
    {
      title: 'Issues with a label',
      config: { repository: 'acme/alerts', token: 'secret:GITHUB_TOKEN', labels: ['alert'] },
    },
  ],
  forPeople: true,
  publisherKeys: {
    title: 'The title.',
    body: 'The body, in Markdown.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const api = await vendor.base(config.api)
      const headers = {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${await vendor.secret(config.token)}`,
        'x-github-api-version': '2022-11-28',
      }
      const issues = `${api}/repos/${config.repository}/issues`
      const words = `${markOf(message)} in:body is:issue repo:${config.repository}`
      return fileTicket(message, {
        find: async () => {
          const url = `${api}/search/issues?q=${encodeURIComponent(words)}&per_page=1`
          return field(await vendor.call({ method: 'GET', url, headers }), 'items', 0, 'number')
        },
        create: async () =>
          field(await vendor.call({ url: issues, headers, json: issueOf(message, config.labels) }), 'number'),
        comment: async (number) => {
          await vendor.call({ url: `${issues}/${number}/comments`, headers, json: { body: commentOf(message) } })
        },
      })
    },
  }),
})

/** One word, so that GitHub's search finds it. */
const markOf = (message: Message) => `streamalert${incidentId(message)}`

function issueOf(message: Message, labels: readonly string[]): Readonly<Record<string, unknown>> {
  const { title, description, facts, record, changes } = wordsOf(message)
  const own = overridesOf(message.publication, 'github')
  const rows = facts.map(([label, value]) => `| ${label} | ${cell(value)} |`)
  const body =
    own.text('body') ??
    [
      plain(cutText(description, 4_000)),
      ['| | |', '| --- | --- |', ...rows].join('\n'),
      block(changes ?? record, message),
    ].join('\n\n')
  const mark = `\n\n<!-- ${markOf(message)} -->`
  return {
    title: cutText(own.text('title') ?? title, most.title),
    body: `${cutText(body, most.body - mark.length)}${mark}`,
    labels,
  }
}

function commentOf(message: Message): string {
  const { facts, changes } = wordsOf(message)
  const fact = (label: string) => facts.find(([name]) => name === label)?.[1] ?? '?'
  return `${fact('Records')} records from ${fact('First')} to ${fact('Last')}\n\n${block(changes, message)}`
}

/** A block of code with a fence that what is in it cannot end. */
function block(value: unknown, { alert }: Message): string {
  if (value === undefined) return ''
  const json = cutJson(value, most.record, alert.id)
  const longest = Math.max(2, ...(json.match(/`+/g) ?? []).map((ticks) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}json\n${json}\n${fence}`
}

/** Text that mentions nobody, links nowhere and is no markup. */
const plain = (words: string) => words.replace(/[\\`*_{}[\]<>#|@!~]/g, '\\$&')

const cell = (words: string) => plain(words.replace(/\s+/g, ' '))
