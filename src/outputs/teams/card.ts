import type { Message, Severity } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import { cutJson, cutText, jsonOf } from '../shared/cut.ts'
import { field, overridesOf, wordsOf } from '../shared/words.ts'

/** Bytes of a message in Teams: https://learn.microsoft.com/en-us/microsoftteams/limits-specifications-teams */
const largest = 28_000

/** Characters of texts, and how many buttons are shown. */
const most = { title: 250, description: 2_000, record: 16_000, buttons: 6 }

/** Styles of a container: https://adaptivecards.io/explorer/Container.html */
const styles: Readonly<Record<Severity, string>> = {
  info: 'default',
  low: 'accent',
  medium: 'warning',
  high: 'attention',
  critical: 'attention',
}
const knownStyles = new Set(['default', 'emphasis', 'good', 'attention', 'warning', 'accent'])

/**
 * An alert as a message with an Adaptive Card (https://learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format).
 * What came from a log stands in text runs and a code block, where no Markdown is read. Whatever is too large, its record is cut.
 */
export function messageWithCard(message: Message): Readonly<Record<string, unknown>> {
  for (let room = most.record; room >= 500; room /= 2) {
    const card = cardMessage(message, room)
    if (Buffer.byteLength(jsonOf(card)) <= largest) return card
  }
  return cardMessage(message, 0)
}

/** `room`: characters for the record; 0: a card without anything of the publishers' that could be too large. */
function cardMessage(message: Message, room: number): Readonly<Record<string, unknown>> {
  const { alert } = message
  const { title, description, facts, record, changes } = wordsOf(message)
  const own = overridesOf(message.publication, 'teams')
  const ownTitle = own.text('title')
  const ownDescription = own.text('description')
  const colour = own.text('card_color') ?? ''
  const body = own.any('with_record') === false ? undefined : (changes ?? record)
  const heading =
    ownTitle === undefined
      ? plain(cutText(changes ? `Update: ${title}` : title, most.title), { size: 'Large', weight: 'Bolder' })
      : markdown(cutText(ownTitle, most.title), { size: 'Large', weight: 'Bolder' })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    msteams: { width: 'Full' },
    body: [
      {
        type: 'Container',
        style: knownStyles.has(colour) ? colour : styles[alert.severity],
        bleed: true,
        items: [heading],
      },
      ...(ownDescription !== undefined
        ? [markdown(cutText(ownDescription, most.description))]
        : description === ''
          ? []
          : [plain(cutText(description, most.description))]),
      { type: 'FactSet', facts: facts.map(([label, value]) => ({ title: label, value: cutText(value, 200) })) },
      ...(room > 0 ? (own.list('additional_card_sections') ?? []).flatMap(elements) : []),
      ...(body ? [codeBlock(cutJson(body, Math.max(room, 200), alert.id), alert.id)] : []),
    ],
    ...(room > 0 && { actions: (own.list('buttons') ?? []).flatMap(button).slice(0, most.buttons) }),
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

const plain = (text: string, look: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...look }],
})

const markdown = (text: string, look: object = {}) => ({ type: 'TextBlock', text, wrap: true, ...look })

const codeBlock = (codeSnippet: string, alertId: string) => ({
  type: 'CodeBlock',
  codeSnippet,
  language: 'Json',
  fallback: markdown(`The record: streamalert alerts show ${alertId}`),
})

/** An element of a card as it is; or a section as cards had before: `{title, text, facts: [{name, value}]}`. */
function elements(section: unknown): unknown[] {
  if (!isPlainObject(section)) return []
  if (typeof section['type'] === 'string') return [section]
  const [title, text] = [field(section, 'title') ?? field(section, 'activityTitle'), field(section, 'text')]
  const facts = Array.isArray(section['facts']) ? (section['facts'] as unknown[]) : []
  const pairs = facts.map((fact) => ({ title: field(fact, 'name') ?? '', value: field(fact, 'value') ?? '' }))
  return [
    ...(title === undefined ? [] : [markdown(title, { weight: 'Bolder' })]),
    ...(text === undefined ? [] : [markdown(text)]),
    ...(pairs.length === 0 ? [] : [{ type: 'FactSet', facts: pairs }]),
  ]
}

/** An action as it is; or a button that opens an address: `{text, url}`. */
function button(wanted: unknown): unknown[] {
  if (isPlainObject(wanted) && typeof wanted['type'] === 'string') return [wanted]
  const url = field(wanted, 'url')
  return url === undefined ? [] : [{ type: 'Action.OpenUrl', title: field(wanted, 'text') ?? url, url }]
}
