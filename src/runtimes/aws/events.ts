/** Events as AWS hands them to a function, told apart by what all of their kind have. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { parsed } from '../../sources/aws/envelope.ts'

/** A message of a queue. */
export interface QueueItem {
  readonly kind: 'sqs'
  /** Name of the queue. */
  readonly from: string
  readonly id: string
  readonly body: string
  /** Epoch milliseconds. */
  readonly sentAt: number
}

/** A record of a stream. */
export interface StreamItem {
  readonly kind: 'kinesis'
  /** Name of the stream. */
  readonly from: string
  /** Its sequence number. */
  readonly id: string
  readonly shard: string
  readonly bytes: Uint8Array
  /** Epoch milliseconds. */
  readonly at: number
}

/** Something that was pushed by itself. Its id is the same when it is pushed again. */
export interface PushedItem {
  readonly kind: 'sns' | 'eventbridge' | 'logs' | 'url'
  readonly from: string
  readonly id: string
  readonly bytes: Uint8Array
  readonly at: number
}

export type EventItem = QueueItem | StreamItem | PushedItem

type Fields = Readonly<Record<string, unknown>>

/** The items of an event; undefined for an event of no kind that is known. */
export function itemsIn(event: unknown, now: number): readonly EventItem[] | undefined {
  if (!isObject(event)) return undefined
  const records = event['Records']
  if (Array.isArray(records)) {
    const items = records.map((record) => (isObject(record) ? recordItem(record, now) : undefined))
    return items.every((item) => item !== undefined) ? items : undefined
  }
  const { awslogs, requestContext } = event
  if (isObject(awslogs) && typeof awslogs['data'] === 'string') return [logsItem(awslogs['data'], now)]
  if (isObject(requestContext) && isObject(requestContext['http'])) return urlItems(event, requestContext, now)
  if (typeof event['detail-type'] === 'string' && typeof event['id'] === 'string') return [busItem(event, now)]
  return undefined
}

function recordItem(record: Fields, now: number): EventItem | undefined {
  const from = lastPart(text(record['eventSourceARN']))
  const { kinesis, Sns: sns } = record
  if (record['eventSource'] === 'aws:sqs') {
    const attributes = isObject(record['attributes']) ? record['attributes'] : {}
    const sentAt = Number(attributes['SentTimestamp'] ?? now)
    return { kind: 'sqs', from, id: text(record['messageId']), body: text(record['body']), sentAt }
  }
  if (record['eventSource'] === 'aws:kinesis' && isObject(kinesis)) {
    return {
      ...{ kind: 'kinesis', from, id: text(kinesis['sequenceNumber']), shard: text(record['eventID']).split(':')[0]! },
      bytes: Buffer.from(text(kinesis['data']), 'base64'),
      at: Math.round(Number(kinesis['approximateArrivalTimestamp'] ?? now / 1000) * 1000),
    }
  }
  if (record['EventSource'] === 'aws:sns' && isObject(sns)) {
    const topic = lastPart(text(sns['TopicArn']))
    const at = timeOf(sns['Timestamp'], now)
    return { kind: 'sns', from: topic, id: text(sns['MessageId']), bytes: Buffer.from(text(sns['Message'])), at }
  }
  return undefined
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html */
function logsItem(data: string, now: number): PushedItem {
  const bytes = Buffer.from(data, 'base64')
  const { logGroup, logEvents } = (unzipped(bytes) ?? {}) as { logGroup?: unknown; logEvents?: unknown }
  const times = Array.isArray(logEvents)
    ? logEvents.map((one: unknown) => Number(isObject(one) && one['timestamp']))
    : []
  const last = times.length > 0 ? Math.max(...times) : Number.NaN
  const at = last > 0 ? last : now
  return { kind: 'logs', from: text(logGroup), id: createHash('sha256').update(bytes).digest('hex'), bytes, at }
}

function unzipped(bytes: Uint8Array): unknown {
  try {
    return parsed(gunzipSync(bytes, { maxOutputLength: 64 * 1_048_576 }).toString())
  } catch {
    return undefined
  }
}

const busItem = (event: Fields, now: number): PushedItem => ({
  ...{ kind: 'eventbridge', from: text(event['source']), id: text(event['id']) },
  bytes: Buffer.from(JSON.stringify(event)),
  at: timeOf(event['time'], now),
})

/**
 * A request to a function URL (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html). It is known by its header
 * `Idempotency-Key`, where it has one.
 */
function urlItems(event: Fields, context: Fields, now: number): readonly PushedItem[] {
  const headers = isObject(event['headers']) ? event['headers'] : {}
  const bytes = Buffer.from(text(event['body']), event['isBase64Encoded'] === true ? 'base64' : 'utf8')
  const key = headers['idempotency-key'] ?? context['requestId']
  const at = Number(context['timeEpoch'] ?? now)
  if (bytes.length === 0) return []
  const id = createHash('sha256').update(text(key)).digest('hex').slice(0, 32)
  return [{ kind: 'url', from: text(event['rawPath']).replaceAll('/', ''), id, bytes, at }]
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const lastPart = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1)

function timeOf(value: unknown, now: number): number {
  const time = Date.parse(text(value))
  return Number.isFinite(time) ? time : now
}
