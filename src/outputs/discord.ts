import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Message } from '../core/contracts/index.ts'
import { cutNote, cutText, jsonOf } from './shared/cut.ts'
import { secretAddress, text } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'
import { colours, field, overridesOf, wordsOf } from './shared/words.ts'

/** Characters: https://docs.discord.com/developers/resources/message#embed-object-embed-limits; an embed has 6,000 in all. */
const most = { content: 2_000, title: 256, description: 500, record: 3_400, field: 100, embeds: 10 }

const traits = {
  name: 'Discord',
  hints: { 401: 'The webhook was removed: make a new one.', 404: 'The webhook was removed: make a new one.' },
}

/**
 * Posts to a Discord webhook: https://docs.discord.com/developers/resources/webhook#execute-webhook. An update changes the
 * first message and posts what is new. Nothing in an alert mentions anyone. Publishers replace parts with `@discord.content`
 * and `@discord.embeds`.
 *
 * Receipt: the message's id.
 */
export default defineOutput({
  name: 'discord',
  summary: 'Posts each alert to a Discord channel by a webhook.',
  setup: `In Discord: the channel's settings, "Integrations", "Webhooks", "New Webhook", "Copy Webhook URL". To post into one thread,
add \`?thread_id=…\` to the address.`,
  config: z.strictObject({
    url: secretAddress('The webhook, `https://discord.com/api/webhooks/…`.'),
    username: text('The name messages carry, instead of the name of the webhook.').optional(),
  }),
  examples: [{ title: 'One channel', config: { url: 'secret:DISCORD_WEBHOOK' } }],
  forPeople: true,
  publisherKeys: {
    content: 'Text above the alert.',
    embeds: 'In place of the alert: a list of embeds, at most 10.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const base = await vendor.secretAddress(config.url)
      const name = config.username === undefined ? {} : { username: config.username }
      const post = async (content: object) =>
        field(await vendor.call({ url: address(base, ''), json: { ...name, ...content } }), 'id')
      const { earlier, alert } = message
      if (earlier === undefined || alert.updates === undefined) return post(contentOf(message, 'changes'))
      const path = `/messages/${encodeURIComponent(earlier)}`
      const changed = await vendor.call({
        method: 'PATCH',
        url: address(base, path),
        json: contentOf(message, 'record'),
        accept: isGone,
      })
      const id = await post(contentOf(message, 'changes'))
      return isGone(changed) ? id : earlier
    },
  }),
})

/** Someone deleted the message: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const isGone = (answer: unknown) => field(answer, 'code') === '10008'

/** The webhook's address with a path added; `wait` makes Discord answer the message. A wrong address is left to the request to refuse. */
function address(base: string, path: string): string {
  const url = URL.parse(base)
  if (!url) return base
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`
  if (path === '') url.searchParams.set('wait', 'true')
  return url.href
}

function contentOf(message: Message, shown: 'record' | 'changes'): Readonly<Record<string, unknown>> {
  const { title, description, facts, record, changes } = wordsOf(message)
  const own = overridesOf(message.publication, 'discord')
  const body = shown === 'changes' ? (changes ?? record) : record
  const parts = [cutText(escape(description), most.description), ...(body ? [codeBlock(body, message.alert.id)] : [])]
  const embed = {
    title: cutText(escape(changes && shown === 'changes' ? `Update: ${title}` : title), most.title),
    description: parts.filter((part) => part !== '').join('\n'),
    color: colours[message.alert.severity],
    timestamp: new Date(message.alert.record.time).toISOString(),
    fields: facts.map(([label, value]) => ({ name: label, value: cutText(escape(value), most.field), inline: true })),
  }
  const content = own.text('content')
  return {
    ...(content !== undefined && { content: cutText(content, most.content) }),
    embeds: own.list('embeds')?.slice(0, most.embeds) ?? [embed],
    allowed_mentions: { parse: [] },
  }
}

/** A record that holds the marks of a code block does not end it. */
function codeBlock(value: unknown, alertId: string): string {
  const json = jsonOf(value, 2).replaceAll('```', '`\u200b`\u200b`')
  return `\`\`\`json\n${cutText(json, most.record, `\n… ${cutNote(alertId)}`)}\n\`\`\``
}

/** Text without Discord's Markdown: https://docs.discord.com/developers/reference#message-formatting */
const escape = (plain: string) => plain.replace(/[\\*_~`|>#[\]()<@]/g, '\\$&')
