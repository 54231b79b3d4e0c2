/**
 * What Amazon SNS puts around a message on its way to a queue or an address:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export interface Notification {
  readonly topic: string
  readonly id: string
  readonly message: string
  /** Epoch milliseconds. */
  readonly sentAt: number
}

/** Undefined for a text that is no notification of SNS. */
export function readNotification(text: string): Notification | undefined {
  if (!/^\s*\{/.test(text) || !text.includes('"TopicArn"')) return undefined
  const value = parsed(text)
  const { Type, TopicArn, MessageId, Message, Timestamp } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (Type !== 'Notification' || typeof TopicArn !== 'string' || typeof MessageId !== 'string') return undefined
  if (typeof Message !== 'string') return undefined
  const sentAt = typeof Timestamp === 'string' ? Date.parse(Timestamp) : Number.NaN
  return { topic: TopicArn.slice(TopicArn.lastIndexOf(':') + 1), id: MessageId, message: Message, sentAt }
}

/** A text as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
