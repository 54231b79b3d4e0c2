import type { Planned } from '../offline/plans.ts'

/** Types that have a name of their own: the argument that gives it, and the longest that AWS takes. */
const named: Readonly<Record<string, readonly [argument: string, longest: number]>> = {
  aws_athena_workgroup: ['name', 128],
  aws_cloudwatch_event_rule: ['name', 64],
  aws_cloudwatch_dashboard: ['dashboard_name', 255],
  aws_cloudwatch_log_group: ['name', 512],
  aws_cloudwatch_metric_alarm: ['alarm_name', 255],
  aws_dynamodb_table: ['name', 255],
  aws_glue_catalog_database: ['name', 255],
  aws_iam_role: ['name', 64],
  aws_kinesis_firehose_delivery_stream: ['name', 64],
  aws_kinesis_stream: ['name', 128],
  aws_kms_alias: ['name', 256],
  aws_lambda_function: ['function_name', 64],
  aws_s3_bucket: ['bucket', 63],
  aws_scheduler_schedule: ['name', 64],
  aws_secretsmanager_secret: ['name', 512],
  aws_sns_topic: ['name', 256],
  aws_sqs_queue: ['name', 80],
}

/** Types whose resources are parts of others, or have no name. */
const nameless =
  /^aws_(s3_bucket_\w+|iam_role_policy|kms_key|kinesis_resource_policy|lambda_(event_source_mapping|function_url|function_event_invoke_config|function_recursion_config|permission)|glue_catalog_table|sqs_queue_\w+|sns_topic_\w+|cloudwatch_log_(stream|subscription_filter)|cloudwatch_event_target|secretsmanager_secret_policy)$/

/** `type name` of all that a plan names. */
export const namesIn = (plan: readonly Planned[]): readonly string[] =>
  plan.flatMap(({ type, values }) => {
    const [argument] = named[type] ?? []
    return argument === undefined ? [] : [`${type} ${String(values[argument])}`]
  })

/** Names of a plan that are too long, are given twice, or do not begin as a deployment's must; and types that nobody has looked at. */
export function wrongNames(plan: readonly Planned[], prefix: string): readonly string[] {
  const begins = new RegExp(`^(|alias/|/aws/lambda/|/aws/kinesisfirehose/)${prefix}[-_/]`)
  const all = namesIn(plan)
  return [
    ...plan.filter(({ type }) => !Object.hasOwn(named, type) && !nameless.test(type)).map(({ address }) => address),
    ...all.filter((name, n) => all.indexOf(name) !== n),
    ...all.filter((name) => {
      const [type, value] = name.split(' ') as [string, string]
      return value.length > named[type]![1] || !begins.test(value)
    }),
  ]
}
