import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { startAwsServer } from '../testing/aws-json-server.ts'
import { awsOutputContract, sendByAws, testAws } from '../testing/aws-output-contract.ts'
import { largeAlert, messageOf, sampleAlert } from '../testing/sample-alert.ts'
import lambda from './aws-lambda.ts'

awsOutputContract(lambda, (url) => ({ function: 'respond', ...testAws(url) }))

test('a function gets the alert, the record, or what a publisher made', async () => {
  const taken = () => ({})
  await using server = await startAwsServer({
    'POST /2015-03-31/functions/respond/invocations': taken,
    'POST /2015-03-31/functions/respond/invocations?Qualifier=live': taken,
  })
  const config = { function: 'respond', ...testAws(server.url) }
  const { alert, publication } = messageOf(sampleAlert)
  await sendByAws(lambda, config)
  await sendByAws(lambda, { ...config, payload: 'record', qualifier: 'live' })
  await sendByAws(lambda, config, { alert, publication: { ...publication, '@aws-lambda.alert_data': { a: [1n] } } })
  await sendByAws(lambda, config, { alert, publication: { ...publication, '@aws-lambda.alert_data': 'text' } })
  await sendByAws(lambda, config, messageOf(largeAlert(4)))
  const text = { '@aws-lambda.alert_data': '\u0001'.repeat(200_000) }
  await sendByAws(lambda, config, { alert, publication: { ...publication, ...text } })
  expect(server.calls[0]?.headers['x-amz-invocation-type']).toBe('Event')
  expect(server.calls.slice(0, 4).map(({ input }) => input)).toEqual([
    publish(sampleAlert),
    sampleAlert.record.data,
    { a: ['1'] },
    'text',
  ])
  expect(server.calls[1]?.operation).toMatch(/\?Qualifier=live$/)
  expect(JSON.stringify(server.calls[4]?.input)).toContain(`streamalert alerts show ${sampleAlert.id}`)
  for (const { input } of server.calls) expect(Buffer.byteLength(JSON.stringify(input))).toBeLessThanOrEqual(1_000_000)
  expect(server.calls[5]?.input).toSatisfy((event: string) => event.startsWith('\u0001') && event.endsWith('…'))
})

test.each([
  ['respond', true],
  ['respond:live', true],
  ['arn:aws:lambda:eu-central-1:123456789012:function:respond', true],
  ['arn:aws:lambda:eu-central-1:123456789012:function:respond:7', true],
  ['arn:aws:sns:eu-central-1:123456789012:respond', false],
  ['two words', false],
])('%s names a function: %s', (name, ok) => {
  expect(lambda.config.safeParse({ function: name }).success).toBe(ok)
})
