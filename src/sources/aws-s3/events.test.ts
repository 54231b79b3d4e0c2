import { expect, test } from 'vitest'
import { objectsIn } from './events.ts'

const direct = (eventName: string, key: string) => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventTime: '2026-02-03T10:02:12.000Z',
      eventName,
      s3: { bucket: { name: 'logs' }, object: { key, size: 12, eTag: 'abc', sequencer: '0055' } },
    },
  ],
})
const found = { bucket: 'logs', etag: 'abc', size: 12, at: Date.UTC(2026, 1, 3, 10, 2, 12) }

test('from S3: keys are escaped as in forms', () => {
  const text = JSON.stringify(direct('ObjectCreated:Put', 'a+folder/file%2Bwith+plus+%C3%A4.gz'))
  expect(objectsIn(text)).toEqual([{ ...found, key: 'a folder/file+with plus ä.gz' }])
})

test('from S3 by SNS', () => {
  const Message = JSON.stringify(direct('ObjectCreated:CompleteMultipartUpload', 'k'))
  const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:topic'
  const text = JSON.stringify({
    Type: 'Notification',
    MessageId: '1',
    TopicArn,
    Message,
    Timestamp: '2026-02-03T10:02:13Z',
  })
  expect(objectsIn(text)).toEqual([{ ...found, key: 'k' }])
})

test('from EventBridge: keys stand as they are', () => {
  const detail = {
    version: '0',
    bucket: { name: 'logs' },
    object: { key: 'a+b c%20.gz', size: 12, etag: 'abc', 'version-id': 'v1', sequencer: '00' },
    reason: 'PutObject',
  }
  const event = {
    version: '0',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: '2026-02-03T10:02:12Z',
    detail,
  }
  expect(objectsIn(JSON.stringify(event))).toEqual([{ ...found, key: 'a+b c%20.gz', version: 'v1' }])
})

test.each([
  ['a test of S3', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' }],
  ['an object that was removed', direct('ObjectRemoved:Delete', 'k')],
  [
    'another event of EventBridge',
    { source: 'aws.s3', 'detail-type': 'Object Deleted', detail: { bucket: {}, object: {} } },
  ],
])('%s announces nothing', (_, message) => {
  expect(objectsIn(JSON.stringify(message))).toEqual([])
})

test.each(['', 'text', '[]', '{}', '{"Records":[{"a":1}]}', '{"Records":[null]}', '{"Records":[{"s3":{}}', 'null'])(
  '%j is no announcement',
  (text) => {
    expect(objectsIn(text)).toBeUndefined()
  },
)

test.each([
  { Records: [{ eventName: 'ObjectCreated:Put', s3: {} }] },
  { Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 1 }, object: { key: 2 } } }] },
  { Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key: '%' } } }] },
])('what has the wrong form does not throw: %j', (message) => {
  expect(() => objectsIn(JSON.stringify(message))).not.toThrow()
})
