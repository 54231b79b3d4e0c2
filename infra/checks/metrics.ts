import { measuredIn, writeMetrics } from '../../src/runtimes/aws/metrics.ts'
import type { Planned } from '../offline/plans.ts'

/** Metrics that AWS counts, with the dimension that names whose, as its pages on monitoring list them. */
const ofAws: Readonly<Record<string, readonly [dimension: string, names: readonly string[]]>> = {
  'AWS/Lambda': [
    'FunctionName',
    ['DestinationDeliveryFailures', 'Duration', 'Errors', 'IteratorAge', 'Throttles', 'UrlRequestCount'],
  ],
  'AWS/SQS': [
    'QueueName',
    ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible', 'NumberOfMessagesSent'],
  ],
  'AWS/Kinesis': ['StreamName', ['IncomingRecords', 'WriteProvisionedThroughputExceeded']],
  'AWS/SNS': ['TopicName', ['NumberOfMessagesPublished']],
  'AWS/Firehose': ['DeliveryStreamName', ['DeliveryToS3.DataFreshness', 'ThrottledRecords']],
  'AWS/Logs': ['LogGroupName', ['IncomingLogEvents']],
}

/** Metrics that our functions write, as `namespace name dimensions`. */
function written(): readonly string[] {
  const lines: string[] = []
  const never = () => {
    throw new Error('Nothing is asked of AWS.')
  }
  const around = { env: {}, now: () => 0, write: (line: string) => void lines.push(line), dynamo: never, s3: never }
  const none = { alerts: [], suppressed: 0, hits: 0, quarantined: 0 } as unknown as Parameters<typeof measuredIn>[0]
  const place = { prefix: 'p', cluster: 'c', table: 't', lake: 'l' }
  writeMetrics(place, around, measuredIn(none, []))
  writeMetrics(place, around, { Compacted: 0, SetAside: 0, Behind: 0 })
  type Header = {
    _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] }
  }
  return lines
    .flatMap((line) => (JSON.parse(line) as Header)._aws.CloudWatchMetrics)
    .flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name }) => Dimensions.map((keys) => `${Namespace} ${Name} ${keys.toSorted().join()}`)),
    )
}

const emitted = new Set([
  ...written(),
  ...Object.entries(ofAws).flatMap(([space, [dimension, names]]) =>
    names.map((name) => `${space} ${name} ${dimension}`),
  ),
])

const named = (space: unknown, name: unknown, dimensions: readonly string[]) =>
  `${String(space)} ${String(name)} ${dimensions.toSorted().join()}`

/** Metrics that a plan's alarms and dashboards look at, and nobody counts. */
export function unheard(plan: readonly Planned[]): readonly string[] {
  const alarms = plan
    .filter(({ type }) => type === 'aws_cloudwatch_metric_alarm')
    .map(({ values: { namespace, metric_name: name, dimensions } }) =>
      named(namespace, name, Object.keys(dimensions as object)),
    )
  const widgets = plan
    .filter(({ type }) => type === 'aws_cloudwatch_dashboard')
    .flatMap(({ values }) => JSON.parse(String(values['dashboard_body'])) as { widgets: Widget[] })
    .flatMap(({ widgets: all }) => all.flatMap(({ properties: { metrics } }) => metrics))
    .map((metric) => metric.filter((part) => typeof part === 'string'))
    .map(([space, name, ...dimensions]) =>
      named(
        space,
        name,
        dimensions.filter((_, n) => n % 2 === 0),
      ),
    )
  return [...new Set([...alarms, ...widgets])].filter((metric) => !emitted.has(metric))
}

interface Widget {
  readonly properties: { readonly metrics: readonly (readonly (string | object)[])[] }
}
