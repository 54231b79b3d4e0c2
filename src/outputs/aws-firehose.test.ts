import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { startAwsServer } from '../testing/aws-json-server.ts'
import { awsOutputContract, sendByAws, testAws } from '../testing/aws-output-contract.ts'
import { largeAlert, messageOf, sampleAlert } from '../testing/sample-alert.ts'
import firehose from './aws-firehose.ts'

awsOutputContract(firehose, (url) => ({ stream: 'alerts', ...testAws(url) }))

test('an alert is one line of JSON, however large', async () => {
  await using server = await startAwsServer({ PutRecord: () => ({ RecordId: '1' }) })
  const config = { stream: 'alerts', ...testAws(server.url) }
  await sendByAws(firehose, config)
  await sendByAws(firehose, config, messageOf(largeAlert(4)))
  const inputs = server.calls.map(({ input }) => input as { DeliveryStreamName: string; Record: { Data: string } })
  const [line, cut] = inputs.map(({ Record }) => Buffer.from(Record.Data, 'base64').toString())
  expect(inputs[0]?.DeliveryStreamName).toBe('alerts')
  expect(line).toBe(`${JSON.stringify(publish(sampleAlert))}\n`)
  expect(Buffer.byteLength(cut ?? '')).toBeLessThanOrEqual(1_024_000)
  expect(JSON.parse(cut ?? '')).toMatchObject({
    id: sampleAlert.id,
    streamalert_cut: `Cut to fit. The whole: streamalert alerts show ${sampleAlert.id}`,
  })
  expect(cut?.endsWith('}\n')).toBe(true)
})
