import type { Call } from '../offline/evaluate-policy.ts'
import type { Shown } from '../offline/state.ts'
import { account } from './iam.ts'

/** What no function may do to a resource of this type. Reading secrets is for the function that sends; see the tests. */
const never: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_log_group: ['logs:DeleteLogGroup', 'logs:GetLogEvents', 'logs:PutRetentionPolicy'],
  aws_dynamodb_table: ['dynamodb:DeleteTable', 'dynamodb:Scan', 'dynamodb:UpdateTable', 'dynamodb:UpdateTimeToLive'],
  aws_iam_role: ['iam:AttachRolePolicy', 'iam:PassRole', 'iam:PutRolePolicy', 'sts:AssumeRole'],
  aws_kinesis_firehose_delivery_stream: [
    'firehose:DeleteDeliveryStream',
    'firehose:PutRecord',
    'firehose:StopDeliveryStreamEncryption',
    'firehose:UpdateDestination',
  ],
  aws_kinesis_stream: ['kinesis:DeleteStream', 'kinesis:PutRecord', 'kinesis:PutResourcePolicy'],
  aws_kms_key: ['kms:CreateGrant', 'kms:DisableKey', 'kms:Encrypt', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
  aws_lambda_function: ['lambda:AddPermission', 'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
  aws_s3_bucket: ['s3:DeleteBucket', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration'],
  aws_secretsmanager_secret: ['secretsmanager:DeleteSecret', 'secretsmanager:PutSecretValue'],
  aws_sqs_queue: ['sqs:DeleteQueue', 'sqs:PurgeQueue', 'sqs:SetQueueAttributes'],
}

/** Calls that no function may make, of everything that is deployed and beyond. */
export const forbidden = (shown: readonly Shown[]): readonly Call[] => [
  ...shown.flatMap(({ type, values }) =>
    (never[type] ?? []).map((action) => ({ action, resource: String(values['arn']) })),
  ),
  { action: 'iam:CreateUser', resource: `arn:aws:iam::${account}:user/x` },
  { action: 'iam:CreateAccessKey', resource: `arn:aws:iam::${account}:user/x` },
  {
    action: 'secretsmanager:GetSecretValue',
    resource: `arn:aws:secretsmanager:eu-central-1:${account}:secret:other-abcdef`,
  },
  { action: 's3:GetObject', resource: 'arn:aws:s3:::somebody-s/x' },
  { action: 's3:DeleteObjectVersion', resource: 'arn:aws:s3:::acme-prod-trail-123456789012/x' },
]

/** The same calls, of what belongs to the cluster `pci` in place of `prod`: a function of a cluster may make none of them. */
export const ofAnotherCluster = (calls: readonly Call[]): readonly Call[] =>
  calls.flatMap(({ resource, ...call }) => {
    const other = resource.replaceAll(/\bprod\b/g, 'pci')
    return other === resource ? [] : [{ ...call, resource: other }]
  })
