import type { Options } from 'nodemailer/lib/mailer/index.js'
import { z } from 'zod'
import type { Message } from '../../core/contracts/index.ts'
import { cutJson, cutText, cutValue, jsonOf } from './cut.ts'
import { oneLine, overridesOf, wordsOf } from './words.ts'

/** `ops@example.com` or `Operations <ops@example.com>`, with no way to smuggle in another address or header. */
const mailboxPattern = /^(?:[^<>@,;:"\\\r\n]*<[^\s<>@,;:"\\]+@[A-Za-z0-9.-]+>|[^\s<>@,;:"\\]+@[A-Za-z0-9.-]+)$/

const mailboxText = z
  .string()
  .regex(mailboxPattern, 'is not an address: write name@example.com or Name <name@example.com>')

export const mailbox = (description: string) => mailboxText.meta({ description })
export const mailboxes = (description: string) => z.array(mailboxText).meta({ description })

export interface Envelope {
  readonly from: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
}

const longestAttachment = 5_000_000
const longestRecord = 4_000

/**
 * An alert as an e-mail, the same for the same alert. Its `Message-ID` comes from the alert's id, so that an update is a reply to
 * it; where the way to the mailbox gives it another, `sentAs` is that of the e-mail which is updated. `kind`: whose overrides of publishers count: `@<kind>.subject`, `.body`
 * (a text, or texts by type), `.attach_record`, `.attachments` (texts by file name).
 */
export function emailOf(message: Message, kind: string, { from, to, cc }: Envelope, sentAs?: string): Options {
  const { alert, publication } = message
  const messageId = (id: string) => `<${id}@${/@([^>]+)>?$/.exec(from)?.[1]}>`
  const replyTo = alert.updates === undefined ? undefined : (sentAs ?? messageId(alert.updates))
  const given = overridesOf(publication, kind)
  const words = wordsOf(message)
  const subject = given.text('subject') ?? `[${alert.severity}] ${words.title}`
  const bodies = given.object('body')
  const attachments = Object.entries({
    ...(given.any('attach_record') !== false &&
      publication.record !== undefined && { 'record.json': recordOf(message) }),
    ...given.object('attachments'),
  }).map(([filename, content]) => ({
    filename: oneLine(filename),
    content: typeof content === 'string' ? content : jsonOf(content, 2),
  }))
  return {
    from,
    to: [...to],
    cc: [...cc],
    subject: cutText(oneLine(`${alert.updates === undefined ? '' : 'Re: '}${subject}`), 200),
    text: textIn(bodies?.['text/plain']) ?? given.text('body') ?? (bodies ? '' : bodyOf(message)),
    ...(textIn(bodies?.['text/html']) !== undefined && { html: textIn(bodies?.['text/html']) }),
    attachments,
    date: new Date(alert.createdAt),
    messageId: messageId(alert.id),
    ...(replyTo !== undefined && { inReplyTo: replyTo, references: replyTo }),
    headers: { 'X-StreamAlert-Alert': alert.id, 'Auto-Submitted': 'auto-generated' },
    ...((alert.severity === 'critical' || alert.severity === 'high') && { priority: 'high' as const }),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** The MIME form (RFC 5322, RFC 2045) of the e-mail of an alert; that of the same alert is the same. */
export async function emailBytes(email: Options, alertId: string): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js')
  const node = new MailComposer({ ...email, ...boundary(alertId) }).compile()
  return node.build()
}

/** Nodemailer knows the option, its types do not. */
const boundary = (alertId: string) => ({ baseBoundary: alertId })

function bodyOf(message: Message): string {
  const { title, description, facts, record, changes } = wordsOf(message)
  const width = Math.max(...facts.map(([label]) => label.length)) + 2
  const table = facts.map(([label, value]) => `${`${label}:`.padEnd(width)}${oneLine(value)}`).join('\n')
  const details = changes ?? record
  const json = details && cutJson(details, longestRecord, message.alert.id)
  return [title, description, table, json].filter((part) => part).join('\n\n')
}

function recordOf({ alert, publication }: Message): string {
  const whole = jsonOf(publication.record, 2)
  if (Buffer.byteLength(whole) <= longestAttachment) return whole
  return jsonOf(cutValue({ record: publication.record }, longestAttachment, alert.id))
}

const textIn = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
