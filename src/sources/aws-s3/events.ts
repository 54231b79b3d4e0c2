import { isPlainObject } from '../../core/plain.ts'
import { parsed, readNotification } from '../aws/envelope.ts'

/** An object that a bucket tells of. */
export interface ObjectRef {
  readonly bucket: string
  readonly key: string
  /** Without quotes; empty where the bucket does not say. */
  readonly etag: string
  /** Bytes; undefined where the bucket does not say. */
  readonly size?: number
  readonly version?: string
  /** When it was made, epoch milliseconds; undefined where the bucket does not say. */
  readonly at?: number
}

/**
 * The objects that a message announces as made, in any of the forms that S3 uses:
 * - straight from S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * - the same within what SNS puts around it;
 * - by EventBridge: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 *
 * Empty for a test of S3 and for events of other kinds (objects that were removed); undefined for what is none of these.
 */
export function objectsIn(text: string): readonly ObjectRef[] | undefined {
  const value = parsed(readNotification(text)?.message ?? text)
  if (!isPlainObject(value)) return undefined
  if (value['Event'] === 's3:TestEvent') return []
  if (value['source'] === 'aws.s3' && isPlainObject(value['detail'])) return fromEventBridge(value, value['detail'])
  const records = value['Records']
  if (!Array.isArray(records) || !records.every((one) => isPlainObject(one) && isPlainObject(one['s3'])))
    return undefined
  return records.flatMap((one: Fields) => fromS3(one, one['s3'] as Fields))
}

type Fields = Readonly<Record<string, unknown>>

function fromS3(record: Fields, s3: Fields): readonly ObjectRef[] {
  const { eventName, eventTime } = record
  const { bucket, object } = s3
  if (typeof eventName !== 'string' || !/^(s3:)?ObjectCreated:/.test(eventName)) return []
  if (!isPlainObject(bucket) || !isPlainObject(object) || typeof object['key'] !== 'string') return []
  const name = bucket['name']
  if (typeof name !== 'string') return []
  return [{ bucket: name, key: unescaped(object['key']), ...details(object, eventTime, 'eTag', 'versionId') }]
}

/** Keys stand here as they are, not escaped as in events of S3 itself. */
function fromEventBridge(event: Fields, detail: Fields): readonly ObjectRef[] {
  const { bucket, object } = detail
  if (event['detail-type'] !== 'Object Created') return []
  if (!isPlainObject(bucket) || !isPlainObject(object)) return []
  const name = bucket['name']
  const key = object['key']
  if (typeof name !== 'string' || typeof key !== 'string') return []
  return [{ bucket: name, key, ...details(object, event['time'], 'etag', 'version-id') }]
}

function details(object: Fields, time: unknown, etagKey: string, versionKey: string) {
  const { size } = object
  const etag = object[etagKey]
  const version = object[versionKey]
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return {
    etag: typeof etag === 'string' ? etag.replaceAll('"', '') : '',
    ...(typeof size === 'number' && { size }),
    ...(typeof version === 'string' && version !== '' && { version }),
    ...(Number.isFinite(at) && { at }),
  }
}

/** Keys in events of S3 are escaped as in forms: a space is a plus sign. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}
