import { type Call, decide, listOf, type Policy, type Statement } from '../offline/evaluate-policy.ts'
import type { Shown } from '../offline/state.ts'
import { account, region } from '../offline/predict.ts'
import type { Verdict } from './judge.ts'

type Values = Shown['values']

/** Type of a resource → how services of AWS call functions because of it, in their own name. */
const callers: Readonly<Record<string, (values: Values) => readonly Call[]>> = {
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
  aws_cloudwatch_event_target: ({ arn, rule }) => [
    invoked(arn, 'events.amazonaws.com', `arn:aws:events:${region}:${account}:rule/${String(rule)}`),
  ],
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample
  aws_cloudwatch_log_subscription_filter: ({ destination_arn: arn, log_group_name: group }) => [
    invoked(arn, 'logs.amazonaws.com', `arn:aws:logs:${region}:${account}:log-group:${String(group)}:*`),
  ],
}

const invoked = (arn: unknown, service: string, source: string): Call => ({
  ...{ action: 'lambda:InvokeFunction', resource: String(arn), principal: `service:${service}` },
  context: { 'aws:SourceArn': source, 'aws:SourceAccount': account },
})

/** What a permission of a function says, as the statement that AWS makes of it: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
function statementOf({
  statement_id: Sid,
  action,
  function_name: name,
  principal,
  source_arn,
  source_account,
}: Values): Statement {
  return {
    ...{ Sid: String(Sid), Effect: 'Allow', Action: String(action), Principal: { Service: String(principal) } },
    Resource: `arn:aws:lambda:${region}:${account}:function:${String(name)}`,
    Condition: {
      ArnLike: { 'aws:SourceArn': String(source_arn) },
      StringEquals: { 'aws:SourceAccount': String(source_account) },
    },
  }
}

/**
 * Holds what services call against the permissions of the functions: each call has to be allowed, and each permission of a service has to be
 * used. Those of addresses are for people, and named in the configuration.
 */
export function judgeServices(shown: readonly Shown[]): Verdict {
  const calls = shown.flatMap(({ type, values }) => callers[type]?.(values) ?? [])
  const permissions = shown.filter(({ type, values }) => type === 'aws_lambda_permission' && isOfService(values))
  const policy: Policy = { Statement: permissions.map(({ values }) => statementOf(values)) }
  const refused = calls.filter((call) => decide(policy, call) !== 'allow')
  const unused = policy.Statement.filter(
    (statement) => !calls.some((call) => decide({ Statement: [statement] }, call) === 'allow'),
  )
  return {
    refused: refused.map(({ action, resource, context }) => `${action} ${resource} ${context?.['aws:SourceArn']}`),
    unused: unused.map(({ Sid, Resource }) => `${Sid}: ${listOf(Resource!).join()}`),
  }
}

const isOfService = ({ principal }: Values) => String(principal).endsWith('.amazonaws.com')
