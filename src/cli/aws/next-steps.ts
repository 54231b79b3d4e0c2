import type { Variables } from '../../project/aws/index.ts'

/** What a deployment has made that people need to know. */
export interface Deployed {
  /** Twelve digits. */
  readonly account: string
  readonly variables: Pick<Variables, 'prefix' | 'region' | 'clusters' | 'outputs' | 'alarms'>
  /** ARN of the key that data is encrypted with. */
  readonly dataKey: string
}

/** What is left for a person to do: nobody else may or can. A step is a sentence and its lines. */
export function nextSteps({ account, variables, dataKey }: Deployed): readonly string[] {
  const { prefix, region, clusters, outputs, alarms } = variables
  const partition = dataKey.split(':')[1] ?? 'aws'
  const role = (cluster: string, part: string) => `arn:${partition}:iam::${account}:role/${prefix}-${cluster}-${part}`
  const queue = (cluster: string) => `arn:${partition}:sqs:${region}:${account}:${prefix}-${cluster}-objects`
  const each = Object.entries(clusters)
  const notified = each.flatMap(([cluster, { existing_buckets: buckets }]) =>
    Object.values(buckets)
      .filter(({ topic_arn: topic }) => topic === undefined)
      .map(({ arn }) => `${arn} → ${queue(cluster)}`),
  )
  const foreignTopics = each.flatMap(([cluster, { existing_topics: topics, existing_buckets: buckets }]) =>
    [
      ...Object.values(topics).map(({ arn }) => arn),
      ...Object.values(buckets).flatMap(({ topic_arn: arn }) => arn ?? []),
    ]
      .filter((arn) => !arn.includes(`:${account}:`))
      .map((arn) => `${arn}: sns:Subscribe for account ${account}, whose queue is ${queue(cluster)}`),
  )
  const foreignKeys = each.flatMap(([cluster, { existing_streams, existing_buckets, existing_queues }]) =>
    [existing_streams, existing_buckets, existing_queues]
      .flatMap((all) => Object.values<{ key_arn?: string }>(all))
      .flatMap(({ key_arn: key }) => (key === undefined ? [] : [`${key}: kms:Decrypt for ${role(cluster, 'ingest')}`])),
  )
  const foreignSources = each.flatMap(([cluster, { existing_streams, existing_queues }]) =>
    [...Object.values(existing_streams), ...Object.values(existing_queues)]
      .filter(({ arn }) => !arn.includes(`:${account}:`))
      .map(({ arn }) => `${arn}: reading by ${role(cluster, 'ingest')}`),
  )
  const trusting = outputs.roles.map(
    (arn) => `${arn}: ${each.map(([cluster]) => role(cluster, 'dispatch')).join(', ')}`,
  )
  const writing = each.flatMap(([cluster, { writer_accounts: writers, streams, buckets }]) =>
    [
      ...Object.keys(streams).map((name) => `kinesis:PutRecords on ${prefix}-${cluster}-${name}`),
      ...Object.keys(buckets).map((name) => `s3:PutObject on ${prefix}-${cluster}-${name}-${account}`),
    ]
      .map((right) => writers.map((writer) => `account ${writer}: ${right}`))
      .flat(),
  )
  const [trial] = each.flatMap(([cluster, { buckets }]) =>
    Object.keys(buckets).map((name) => `aws s3 cp FILE s3://${prefix}-${cluster}-${name}-${account}/try/`),
  )
  const step = (says: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [[says, ...new Set(lines)].join('\n  ')]
  return [
    ...step(
      'Give each secret its value, once:',
      outputs.secrets.map((name) => `streamalert secret set ${name} --aws`),
    ),
    ...(alarms.email !== undefined && alarms.topic_arn === undefined
      ? [`Confirm the e-mail that AWS sends to ${alarms.email}: no alarm is sent there before.`]
      : []),
    ...step('Add to the notifications of these buckets, beside those that are there (s3:ObjectCreated:*):', notified),
    ...step('Topics of other accounts must allow, each by its own policy:', foreignTopics),
    ...step('Streams and queues of other accounts must allow, each by its own policy:', foreignSources),
    ...step('Keys that are there must allow, unless they leave it to IAM:', foreignKeys),
    ...step('Roles that outputs take on must trust:', trusting),
    ...step(`Who writes from another account needs, of its own, kms:GenerateDataKey on ${dataKey}, and:`, writing),
    ...step('See it work:', trial === undefined ? [] : [trial]),
  ]
}
