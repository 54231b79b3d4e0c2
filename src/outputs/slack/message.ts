import type { Message } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import { cutJson, cutText } from '../shared/cut.ts'
import { overridesOf, wordsOf } from '../shared/words.ts'

/** What Slack takes: https://docs.slack.dev/reference/block-kit/blocks, and for `text` and attachments what it shows in full. */
const most = { header: 150, section: 3_000, fields: 10, blocks: 50, text: 4_000, attachments: 20 }

/** Characters of a record that are shown: as many as fit into three sections. */
const longestRecord = 3 * most.section

/** The part of a request that people see. */
export interface SlackContent {
  /** For notifications, and where blocks cannot be shown. */
  readonly text: string
  readonly blocks?: readonly unknown[]
  readonly attachments?: readonly unknown[]
}

/**
 * An alert as Slack shows it: title, description, facts and the record; of an update, the changes in the record's place when
 * `shown` says so. Publishers replace parts of it: `@slack.text` (Slack's own markup) the title and description,
 * `@slack.attachments` the facts and the record, `@slack.blocks` everything.
 */
export function alertContent(message: Message, shown: 'record' | 'changes'): SlackContent {
  const { title, description, facts, record, changes } = wordsOf(message)
  const own = overridesOf(message.publication, 'slack')
  const text = own.text('text')
  const attachments = own.list('attachments')
  const blocks = own.list('blocks')
  const body = shown === 'changes' ? (changes ?? record) : record
  const head =
    text === undefined
      ? [header(title), ...(description === '' ? [] : [section(escape(description))])]
      : [section(text)]
  const rest = attachments ? [] : [factsBlock(facts), ...(body ? preformatted(body, message.alert.id) : [])]
  return {
    text: cutText(text ?? escape(title), most.text),
    blocks: (blocks ?? [...head, ...rest]).slice(0, most.blocks),
    ...(attachments && { attachments: attachments.slice(0, most.attachments).map(cutAttachment) }),
  }
}

/** What an update adds to the thread of its alert. */
export function changesContent(message: Message): SlackContent {
  const { facts, changes } = wordsOf(message)
  const fact = (label: string) => facts.find(([name]) => name === label)?.[1] ?? '?'
  const text = escape(`${fact('Records')} records from ${fact('First')} to ${fact('Last')}`)
  return { text, blocks: [section(text), ...(changes ? preformatted(changes, message.alert.id) : [])] }
}

const header = (title: string) => ({
  type: 'header',
  text: { type: 'plain_text', text: cutText(title, most.header), emoji: false },
})

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: cutText(text, most.section) } })

const factsBlock = (facts: readonly (readonly [string, string])[]) => ({
  type: 'section',
  fields: facts
    .slice(0, most.fields)
    .map(([label, value]) => ({ type: 'mrkdwn', text: `*${label}*\n${cutText(escape(value), 1_000)}` })),
})

/** Slack reads no markup in it: a record cannot call `@channel`, nor pass off a link. */
function preformatted(value: unknown, alertId: string): unknown[] {
  const text = cutJson(value, longestRecord, alertId)
  const parts: string[] = []
  for (let at = 0; at < text.length; at += most.section) parts.push(text.slice(at, at + most.section))
  return parts.map((part) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: part }] }],
  }))
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const cutAttachment = (attachment: unknown) =>
  isPlainObject(attachment) && typeof attachment['text'] === 'string'
    ? { ...attachment, text: cutText(attachment['text'], most.text) }
    : attachment
