/** What Lambda gave up after all its tries: it keeps what the function was called with, as objects of a bucket (infra/modules/cluster). */
import { CodedError } from '../../core/errors.ts'
import { isPlainObject } from '../../core/plain.ts'
import { parsed } from '../../sources/aws/envelope.ts'
import { type EventItem, itemsIn, type QueueItem } from './events.ts'
import { isMinute } from './minute.ts'

/** Bytes that such an object may have: an event has 6 MB at most, and is written as a text within JSON. */
export const mostGivenUp = 32 * 1_048_576

/**
 * The items of the event in such an object: `payload` of a stream's
 * (https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html), `requestPayload` of what was pushed
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html). They have the ids that they had at first.
 * A minute has none, and the next one has long been. Throws SOURCE_FAILED for what is no such object.
 */
export function itemsGivenUp(bytes: Uint8Array, now: number): readonly Exclude<EventItem, QueueItem>[] {
  const found = bytes.length < mostGivenUp ? parsed(Buffer.from(bytes).toString()) : undefined
  const record = isPlainObject(found) ? found : {}
  const event = record['payload'] ?? record['requestPayload']
  if (isMinute(event)) return []
  const items = itemsIn(typeof event === 'string' ? parsed(event) : event, now)
  if (!items?.every((item) => item.kind !== 'sqs')) {
    throw new CodedError('SOURCE_FAILED', 'The object is no record of what Lambda gave up.')
  }
  return items
}
