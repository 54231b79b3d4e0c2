import { z } from 'zod'
import { defineOutput } from '../../core/component.ts'
import type { Message } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import { address, secret, secretAddress, text } from '../shared/fields.ts'
import { type VendorSend, vendorSend } from '../shared/vendor.ts'
import { field, incidentId } from '../shared/words.ts'
import { slackError } from './errors.ts'
import { alertContent, changesContent, type SlackContent } from './message.ts'

const traits = {
  name: 'Slack',
  hints: {
    403: 'Slack knows the webhook no longer, or an administrator has restricted it: make a new one.',
    404: 'The webhook was removed, or its channel is gone: make a new one.',
    410: 'The channel of the webhook is archived.',
  },
}

/** A bot, as one send knows it. */
interface Bot {
  readonly vendor: VendorSend
  readonly api: string
  readonly token: string
  readonly channel: string
}

/**
 * Posts to Slack: by an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), or as a
 * bot with `chat.postMessage` (https://docs.slack.dev/reference/methods/chat.postMessage), which answers where the message
 * stands. So with a bot, an update changes the first message (`chat.update`) and answers in its thread; the webhook can only
 * post again. Links in alerts are not unfolded: Slack would fetch what an attacker wrote into a log.
 *
 * Receipt: channel and time stamp of the message.
 */
export default defineOutput({
  name: 'slack',
  summary: 'Posts each alert to a Slack channel, by an incoming webhook or as a bot that keeps updates in a thread.',
  setup: `As a bot, with threads: make an app at <https://api.slack.com/apps>, give it the bot scope \`chat:write\` under
"OAuth & Permissions", install it to the workspace, take the "Bot User OAuth Token" (\`xoxb-…\`), and \`/invite\` the app to the channel.
By webhook, without threads: activate "Incoming Webhooks" in the app, add one for the channel, and take its address.`,
  config: z
    .strictObject({
      url: secretAddress('The incoming webhook.').optional(),
      token: secret('The bot token, `xoxb-…`.').optional(),
      channel: text("With a token: the channel's id, such as `C0123456789`.").optional(),
      api: address("Slack's API.").default('https://slack.com/api'),
    })
    .refine(
      ({ url, token, channel }) =>
        url === undefined ? token !== undefined && channel !== undefined : token === undefined,
      {
        error: 'needs either url, or token and channel',
      },
    ),
  examples: [
    { title: 'As a bot', config: { token: 'secret:SLACK_TOKEN', channel: 'C0123456789' } },
    { title: 'By webhook', config: { url: 'secret:SLACK_WEBHOOK' } },
  ],
  forPeople: true,
  publisherKeys: {
    text: "Title and description, in Slack's markup.",
    attachments: 'In place of facts and record: a list of attachments, at most 20.',
    blocks: 'In place of everything: a list of blocks, at most 50.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      if (config.url !== undefined) {
        await vendor.call({
          url: await vendor.secretAddress(config.url),
          json: { ...alertContent(message, 'changes'), ...quiet },
        })
        return undefined
      }
      const { token = '', channel = '' } = config
      const bot = { vendor, api: await vendor.base(config.api), token: await vendor.secret(token), channel }
      return message.earlier === undefined || message.alert.updates === undefined
        ? post(bot, message, alertContent(message, 'changes'))
        : update(bot, message, message.earlier)
    },
  }),
})

const quiet = { unfurl_links: false, unfurl_media: false }

/** Posts a message, to a thread if there is one; answers where it stands. */
async function post(bot: Bot, message: Message, content: SlackContent, threadTs?: string): Promise<string | undefined> {
  const { alert } = message
  const answer = await call(bot, 'chat.postMessage', {
    channel: bot.channel,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...content,
    ...quiet,
    metadata: {
      event_type: 'streamalert_alert',
      event_payload: { id: incidentId(message), rule: alert.rule, severity: alert.severity },
    },
  })
  const [channel, ts] = [field(answer, 'channel'), field(answer, 'ts')]
  return channel === undefined || ts === undefined ? undefined : `${channel} ${ts}`
}

/** Brings the first message up to date, then tells its thread. Changing comes first: when it is repeated, nothing is said twice. */
async function update(bot: Bot, message: Message, earlier: string): Promise<string | undefined> {
  const [channel = '', ts = ''] = earlier.split(' ')
  const there = { ...bot, channel }
  const changed = await call(there, 'chat.update', { channel, ts, ...alertContent(message, 'record') }, gone)
  if (changed === undefined) return post(bot, message, alertContent(message, 'changes'))
  await post(there, message, changesContent(message), ts)
  return earlier
}

/** Someone deleted the message, or closed it for changes. */
const gone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed'])

/** Calls a method. Undefined: it failed with one of the errors in `expected`. Throws for any other. */
async function call(
  { vendor, api, token }: Bot,
  method: string,
  json: unknown,
  expected: ReadonlySet<string> = new Set(),
): Promise<unknown> {
  const answer = await vendor.call({
    url: `${api}/${method}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
    json,
  })
  if (isPlainObject(answer) && answer['ok'] === true) return answer
  const error = field(answer, 'error')
  if (error !== undefined && expected.has(error)) return undefined
  throw slackError(error)
}
