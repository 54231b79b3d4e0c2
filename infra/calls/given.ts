import type { Call } from '../offline/evaluate-policy.ts'
import type { Shown } from '../offline/state.ts'
import { networkCalls } from './network.ts'

/** Calls that nobody of us writes: AWS makes them in the name of a function's role. */
const ofMapping: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
  sqs: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  // https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html, without enhanced fan-out. ListStreams is for the console.
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map(
    (name) => `kinesis:${name}`,
  ),
  // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
}

/** Calls that Lambda makes with the role of the function of this name. */
export function givenCalls(shown: readonly Shown[], name: string): readonly Call[] {
  const own = functionOf(shown, name)
  const arn = String(own['arn'])
  const ofOwn = (wanted: string) =>
    shown.filter(({ type, values }) => type === wanted && [name, arn].includes(String(values['function_name'])))
  const mappings = ofOwn('aws_lambda_event_source_mapping')
  const reads = mappings.flatMap(({ values }) => {
    const source = String(values['event_source_arn'])
    return ofMapping[source.split(':')[2]!]!.map((action) => ({
      action,
      resource: action === 'dynamodb:ListStreams' ? '*' : source,
    }))
  })
  const failed = [...mappings, ...ofOwn('aws_lambda_function_event_invoke_config')].flatMap(({ values }) =>
    destinationsIn(values).flatMap(keeping),
  )
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
  const group = `arn:aws:logs:${arn.split(':').slice(3, 5).join(':')}:log-group:/aws/lambda/${name}`
  const log: readonly Call[] = [
    { action: 'logs:CreateLogStream', resource: `${group}:log-stream:` },
    { action: 'logs:PutLogEvents', resource: `${group}:log-stream:2026/01/01/[1]0123` },
  ]
  // Variables are decrypted with the function's role (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html).
  return [...reads, ...failed, ...log, ...networkCalls(own), { action: 'lambda:Environment', resource: arn }]
}

/** What was applied of the function of this name. Throws when there is none. */
export function functionOf(shown: readonly Shown[], name: string): Shown['values'] {
  const own = shown.find(({ type, values }) => type === 'aws_lambda_function' && values['function_name'] === name)
  if (!own) throw new Error(`There is no function ${name}.`)
  return own.values
}

/** What Lambda does with a bucket that it keeps something in: it wants to be allowed to see, and to write, anything there. */
const keeping = (bucket: string): readonly Call[] => [
  { action: 's3:ListBucket', resource: bucket },
  { action: 's3:PutObject', resource: `${bucket}/aws/lambda/0123/shardId-000000000000/2026/03/01/x` },
]

/**
 * Where that goes which a function failed at: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
function destinationsIn({ destination_config: config }: Shown['values']): readonly string[] {
  const [destination] = (config ?? []) as { on_failure: Shown['values'][] }[]
  return (destination?.on_failure ?? []).map((one) => String(one['destination_arn'] ?? one['destination']))
}
