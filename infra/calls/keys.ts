import type { Call } from '../offline/evaluate-policy.ts'
import type { Shown } from '../offline/state.ts'

/** ARN of a resource, or what the ARNs of its parts begin with → ARN of the key that encrypts it. */
export type Keys = ReadonlyMap<string, string>

type Fields = Readonly<Record<string, unknown>>
const first = (value: unknown): Fields => ((value as Fields[] | undefined) ?? [])[0] ?? {}

/** Where a type of resource says what it is, and its key. */
const keyOf: Readonly<Record<string, (values: Fields) => readonly [arn: unknown, key: unknown]>> = {
  aws_dynamodb_table: ({ arn, server_side_encryption: how }) => [arn, first(how)['kms_key_arn']],
  aws_kinesis_stream: ({ arn, kms_key_id: key }) => [arn, key],
  aws_lambda_function: ({ arn, kms_key_arn: key }) => [arn, key],
  aws_s3_bucket_server_side_encryption_configuration: ({ bucket, rule }) => [
    `arn:aws:s3:::${String(bucket)}`,
    first(first(rule)['apply_server_side_encryption_by_default'])['kms_master_key_id'],
  ],
  aws_secretsmanager_secret: ({ arn, kms_key_id: key }) => [arn, key],
  aws_sns_topic: ({ arn, kms_master_key_id: key }) => [arn, key],
  aws_sqs_queue: ({ arn, kms_master_key_id: key }) => [arn, key],
}

export const keysOf = (shown: readonly Shown[]): Keys =>
  new Map(
    shown.flatMap(({ type, values }) => {
      const [arn, key] = keyOf[type]?.(values) ?? []
      return typeof arn === 'string' && typeof key === 'string' && key !== '' ? [[arn, key] as const] : []
    }),
  )

/**
 * What a call does with a key, by the service that it asks, in the caller's name:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html,
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html,
 * https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html,
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
const uses: readonly (readonly [action: RegExp, keyActions: readonly string[]])[] = [
  [/^s3:GetObject|^sqs:ReceiveMessage|^kinesis:GetRecords|^secretsmanager:Get|^lambda:Environment/, ['kms:Decrypt']],
  [/^dynamodb:(?!ListStreams)/, ['kms:Decrypt']],
  [/^s3:PutObject/, ['kms:GenerateDataKey']],
  [/^sqs:SendMessage|^sns:Publish/, ['kms:GenerateDataKey', 'kms:Decrypt']],
]

/** The calls of keys that follow from a call. */
export function keyCalls(keys: Keys, { action, resource }: Call, region: string): readonly Call[] {
  const [, wanted = []] = uses.find(([pattern]) => pattern.test(action)) ?? []
  const [, key] = [...keys].find(([arn]) => resource === arn || resource.startsWith(`${arn}/`)) ?? []
  if (key === undefined) return []
  const service = action.split(':')[0]!
  const context = {
    'kms:ViaService': `${service}.${region}.amazonaws.com`,
    ...(service === 'secretsmanager' && { 'kms:EncryptionContext:SecretARN': resource }),
  }
  return wanted.map((one) => ({ action: one, resource: key, context }))
}
