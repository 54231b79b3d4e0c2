import { type Call, decide, listOf, type Policy, type Statement } from '../offline/evaluate-policy.ts'
import type { Shown } from '../offline/state.ts'
import { account, region } from '../offline/predict.ts'
import type { Verdict } from './judge.ts'

type Values = Shown['values']

/** Type of a resource → what services of AWS ask because of it, in their own name or in that of the role it gives them. */
const callers: Readonly<Record<string, (values: Values) => readonly Call[]>> = {
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
  aws_cloudwatch_event_target: ({ arn, rule }) => [
    by('events', 'lambda:InvokeFunction', arn, `arn:aws:events:${region}:${account}:rule/${String(rule)}`),
  ],
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample
  aws_cloudwatch_log_subscription_filter: ({ destination_arn: arn, log_group_name: group }) => [
    by('logs', 'lambda:InvokeFunction', arn, `arn:aws:logs:${region}:${account}:log-group:${String(group)}:*`),
  ],
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
  aws_s3_bucket_notification: ({ bucket, queue }) =>
    (queue as readonly Values[]).map((one) =>
      by('s3', 'sqs:SendMessage', one['queue_arn'], `arn:aws:s3:::${String(bucket)}`),
    ),
  // https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
  aws_sns_topic_subscription: ({ protocol, endpoint, topic_arn: topic }) =>
    protocol === 'sqs' ? [by('sns', 'sqs:SendMessage', endpoint, String(topic))] : [],
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
  aws_scheduler_schedule: ({ target }) =>
    (target as readonly Values[]).map(({ arn, role_arn: role }) => {
      return { action: 'lambda:InvokeFunction', resource: String(arn), principal: String(role) }
    }),
}

const by = (service: string, action: string, resource: unknown, source: string): Call => ({
  ...{ action, resource: String(resource), principal: `service:${service}.amazonaws.com` },
  context: { 'aws:SourceArn': source, 'aws:SourceAccount': account, 'aws:SecureTransport': 'true' },
})

/** Type of a resource → its statements about services. Those of addresses are for people, and named in the configuration. */
const statements: Readonly<Record<string, (values: Values, shown: readonly Shown[]) => readonly Statement[]>> = {
  aws_lambda_permission: (values) => (isService(values['principal']) ? [permissionOf(values)] : []),
  aws_sqs_queue_policy: ({ policy }) => (JSON.parse(String(policy)) as Policy).Statement,
  /** A role that a service takes on has the same rights as the service would have by its own name. */
  aws_iam_role_policy({ role: name, policy }, shown) {
    const role = shown.find(({ type, values }) => type === 'aws_iam_role' && values['name'] === name)?.values
    if (!String(role?.['assume_role_policy']).includes('scheduler.amazonaws.com')) return []
    const Principal = { AWS: String(role?.['arn']) }
    return (JSON.parse(String(policy)) as Policy).Statement.map((one) => ({ Sid: String(name), ...one, Principal }))
  },
}

const isService = (principal: unknown) => String(principal).endsWith('.amazonaws.com')

/** What a permission of a function says, as the statement that AWS makes of it: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
const permissionOf = (values: Values): Statement => ({
  ...{ Sid: String(values['statement_id']), Effect: 'Allow', Action: String(values['action']) },
  Principal: { Service: String(values['principal']) },
  Resource: `arn:aws:lambda:${region}:${account}:function:${String(values['function_name'])}`,
  Condition: {
    ArnEquals: { 'aws:SourceArn': String(values['source_arn']) },
    StringEquals: { 'aws:SourceAccount': String(values['source_account']) },
  },
})

/**
 * Holds what services ask against what functions, queues and their roles allow them: each call has to be allowed, and each source of each
 * statement has to ask. `existing`: ARNs of what is there already, and is pointed here by hand.
 */
export function judgeServices(shown: readonly Shown[], existing: readonly string[]): Verdict {
  const calls = shown.flatMap(({ type, values }) => callers[type]?.(values) ?? [])
  const policy = { Statement: shown.flatMap(({ type, values }) => statements[type]?.(values, shown) ?? []) }
  const refused = calls.filter((call) => decide(policy, call) !== 'allow')
  const unused = policy.Statement.filter(({ Effect }) => Effect === 'Allow')
    .flatMap(narrowed)
    .filter((one) => !existing.includes(sourceOf(one)))
    .filter((one) => !calls.some((call) => decide({ Statement: [one] }, call) === 'allow'))
  return {
    refused: refused.map(({ action, resource, context }) => `${action} ${resource} ${context?.['aws:SourceArn']}`),
    unused: unused.map((one) => `${one.Sid}: ${String(one.Action)} ${String(one.Resource)} ${sourceOf(one)}`),
  }
}

/** A statement as several, each for one action, resource and source. */
const narrowed = (statement: Statement): readonly Statement[] =>
  listOf(statement.Action!).flatMap((Action) =>
    listOf(statement.Resource!).flatMap((Resource) => {
      const sources = statement.Condition?.['ArnEquals']?.['aws:SourceArn']
      if (sources === undefined) return [{ ...statement, Action, Resource }]
      return listOf(sources).map((source) => {
        const Condition = { ...statement.Condition, ArnEquals: { 'aws:SourceArn': source } }
        return { ...statement, Action, Resource, Condition }
      })
    }),
  )

const sourceOf = ({ Condition }: Statement) => String(Condition?.['ArnEquals']?.['aws:SourceArn'] ?? '')
