import type { Message } from '../../core/contracts/index.ts'
import { cutJson, cutText } from '../shared/cut.ts'
import { overridesOf, wordsOf } from '../shared/words.ts'

/** Characters that Jira takes of a description or a comment, 32,767 as it stores them, leave room for this much. */
const most = { text: 4_000, record: 15_000 }

/** A description or comment, before it has either form of Jira. */
interface Parts {
  readonly paragraphs: readonly string[]
  /** JSON. */
  readonly code?: string
}

/** How a Jira takes long texts: Cloud as documents, Data Center as wiki markup. */
export interface Markup {
  readonly description: (message: Message) => unknown
  readonly comment: (message: Message) => unknown
}

/** Atlassian Document Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
export const documents: Markup = {
  description: (message) => documentOf(descriptionOf(message)),
  comment: (message) => documentOf(commentOf(message)),
}

/** Wiki markup: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all */
export const wiki: Markup = {
  description: (message) =>
    overridesOf(message.publication, 'jira').text('description') ?? wikiOf(descriptionOf(message)),
  comment: (message) => wikiOf(commentOf(message)),
}

function descriptionOf(message: Message): Parts {
  const { description, facts, record, changes } = wordsOf(message)
  const own = overridesOf(message.publication, 'jira').text('description')
  if (own !== undefined) return { paragraphs: [cutText(own, most.record)] }
  const body = changes ?? record
  const paragraphs = [cutText(description, most.text), facts.map(([label, value]) => `${label}: ${value}`).join('\n')]
  return { paragraphs, ...(body && { code: cutJson(body, most.record, message.alert.id) }) }
}

/** Of an update what is new; of an alert that joins an issue, the alert. */
function commentOf(message: Message): Parts {
  const { title, facts, changes } = wordsOf(message)
  if (!changes) {
    const { paragraphs, code } = descriptionOf(message)
    return { paragraphs: [title, ...paragraphs], ...(code !== undefined && { code }) }
  }
  const fact = (label: string) => facts.find(([name]) => name === label)?.[1] ?? '?'
  return {
    paragraphs: [`${fact('Records')} records from ${fact('First')} to ${fact('Last')}`],
    code: cutJson(changes, most.record, message.alert.id),
  }
}

function documentOf({ paragraphs, code }: Parts): unknown {
  const lines = (text: string) =>
    text
      .split('\n')
      .flatMap((line, n) => [
        ...(n > 0 ? [{ type: 'hardBreak' }] : []),
        ...(line === '' ? [] : [{ type: 'text', text: line }]),
      ])
  const content = paragraphs.filter((text) => text !== '').map((text) => ({ type: 'paragraph', content: lines(text) }))
  const block = { type: 'codeBlock', attrs: { language: 'json' }, content: [{ type: 'text', text: code }] }
  return { type: 'doc', version: 1, content: code === undefined ? content : [...content, block] }
}

/** What stands between `{noformat}` is not read as markup, unless it ends it. */
function wikiOf({ paragraphs, code }: Parts): string {
  const raw = (text: string) => text.replace(/\{(?=noformat|code)/g, '{ ')
  const blocks = [...paragraphs.filter((text) => text !== ''), ...(code === undefined ? [] : [code])]
  return blocks.map((text) => `{noformat}\n${raw(text)}\n{noformat}`).join('\n')
}
