import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { type AwsFault, startAwsServer } from '../testing/aws-json-server.ts'
import { awsOutputContract, sendByAws, testAws } from '../testing/aws-output-contract.ts'
import { largeAlert, messageOf, sampleAlert } from '../testing/sample-alert.ts'
import cloudwatchLog from './aws-cloudwatch-log.ts'

interface PutLogEvents {
  readonly logGroupName: string
  readonly logStreamName: string
  readonly logEvents: readonly { readonly timestamp: number; readonly message: string }[]
}

awsOutputContract(cloudwatchLog, (url) => ({ group: '/security/alerts', ...testAws(url) }))

test('a stream that is missing is made, and gets the alert as an event', async () => {
  let there = false
  await using server = await startAwsServer({
    PutLogEvents: () => {
      if (!there) throw { type: 'ResourceNotFoundException', message: 'no such stream' } satisfies AwsFault
      return {}
    },
    CreateLogStream: () => {
      there = true
      // Another one made it at the same moment.
      throw { type: 'ResourceAlreadyExistsException' } satisfies AwsFault
    },
  })
  const config = { group: '/security/alerts', ...testAws(server.url) }
  await sendByAws(cloudwatchLog, config)
  await sendByAws(cloudwatchLog, config, messageOf({ ...sampleAlert, createdAt: '2026-01-01T00:00:00.000Z' }))
  await sendByAws(cloudwatchLog, config, messageOf(largeAlert(4)))
  expect(server.calls.map(({ operation }) => operation)).toEqual([
    'PutLogEvents',
    'CreateLogStream',
    ...Array<string>(3).fill('PutLogEvents'),
  ])
  const puts = server.calls.slice(2).map(({ input }) => input as PutLogEvents)
  const timestamp = Date.parse(sampleAlert.createdAt)
  expect(puts[0]).toEqual({
    logGroupName: '/security/alerts',
    logStreamName: 'streamalert',
    logEvents: [{ timestamp, message: JSON.stringify(publish(sampleAlert)) }],
  })
  // Too old to be taken by its own time: it gets that of the sending.
  expect(puts[1]?.logEvents[0]?.timestamp).toBe(1_770_112_932_000)
  const large = puts[2]?.logEvents[0]?.message ?? ''
  expect(Buffer.byteLength(large)).toBeLessThanOrEqual(1_000_000)
  expect(large).toContain(`streamalert alerts show ${sampleAlert.id}`)
})

test('an event that the service takes and throws away is a refusal', async () => {
  await using server = await startAwsServer({
    PutLogEvents: () => ({ rejectedLogEventsInfo: { expiredLogEventEndIndex: 1 } }),
  })
  await expect(sendByAws(cloudwatchLog, { group: '/security/alerts', ...testAws(server.url) })).rejects.toMatchObject({
    code: 'OUTPUT_REJECTED',
    retry: 'never',
  })
})
