import type { Delivery } from '../../core/contracts/index.ts'
import { readNotification } from './envelope.ts'
import type { QueueMessage } from './queue.ts'

/** The name at the end of a queue's address or ARN. */
export const nameOfQueue = (queue: string): string =>
  queue.slice(Math.max(queue.lastIndexOf('/'), queue.lastIndexOf(':')) + 1)

export interface MessageOptions {
  /** Name of the queue. */
  readonly queue: string
  /** Bodies are base64. */
  readonly base64: boolean
  /** Takes the message out of what SNS puts around it. */
  readonly unwrap: boolean
}

/** A message of a queue as a delivery. One that SNS sent is known by the id it has there. */
export function messageDelivery(
  { queue, base64, unwrap }: MessageOptions,
  source: string,
): (message: QueueMessage) => Delivery {
  return (message) => {
    const notification = unwrap ? readNotification(message.body) : undefined
    const text = notification?.message ?? message.body
    const origin = notification ? `sns/${notification.topic}/${notification.id}` : `sqs/${queue}/${message.id}`
    const bytes = Buffer.from(text, base64 ? 'base64' : 'utf8')
    return {
      ...{ id: origin, source, origin, size: bytes.length },
      receivedAt: notification && notification.sentAt > 0 ? notification.sentAt : message.sentAt,
      async *body() {
        if (bytes.length > 0) yield bytes
      },
    }
  }
}
