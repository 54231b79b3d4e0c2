import { listOf, type Policy } from '../offline/evaluate-policy.ts'
import type { Planned } from '../offline/plans.ts'

type Value = unknown
type Values = Readonly<Record<string, Value>>

/** A plan to look things up in. */
export interface Plan {
  readonly all: readonly Planned[]
  /** `deletion_protection` of its variables. */
  readonly keeps: boolean
  /** `reserve_concurrency` of its variables. */
  readonly reserves: boolean
  /** `log_days` of its variables. */
  readonly logDays: number
}

const of = ({ all }: Plan, type: string): readonly Planned[] => all.filter((one) => one.type === type)
/** The only block of its name. */
const block = (values: Values, name: string): Values => ((values[name] as readonly Values[] | undefined) ?? [])[0] ?? {}
const policyIn = (values: Values): Policy => JSON.parse(String(values['policy'])) as Policy
const guardsTls = (policy: Policy, arn: string) =>
  policy.Statement.some(
    ({ Sid, Effect, Resource, Condition }) =>
      Sid === 'TlsOnly' &&
      Effect === 'Deny' &&
      listOf(Resource!).includes(arn) &&
      Condition?.['Bool']?.['aws:SecureTransport'] === 'false',
  )
const isArn = (value: Value) => typeof value === 'string' && value.startsWith('arn:aws:')
const isAccessLog = ({ values }: Planned) => String(values['bucket']).includes('-access-logs-')

/** What a resource of a type must be, whatever the configuration. Another resource that belongs to it is found by the bucket's or queue's name. */
type Rule = readonly [type: string, holds: (one: Planned, plan: Plan) => boolean]

const besideBucket = (type: string, holds: (values: Values, bucket: Planned) => boolean): Rule => [
  'aws_s3_bucket',
  (bucket, plan) =>
    of(plan, type).some(({ values }) => values['bucket'] === bucket.values['bucket'] && holds(values, bucket)),
]

/** The function that reads itself turns away who is not known to a source (src/runtimes/aws/requests.test.ts). */
const isIngest = ({ function_name: name }: Readonly<Record<string, unknown>>) => String(name).endsWith('-ingest')

export const invariants: Readonly<Record<string, Rule>> = {
  'functions are called by those who are named, through their address': [
    'aws_lambda_permission',
    ({ values }) =>
      (!String(values['principal']).includes('*') || isIngest(values)) &&
      (values['source_arn'] !== undefined ||
        (values['function_url_auth_type'] !== undefined) !== (values['invoked_via_function_url'] === true)),
  ],
  'buckets are private': besideBucket('aws_s3_bucket_public_access_block', (values) =>
    ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].every(
      (option) => values[option] === true,
    ),
  ),
  'buckets own what is written into them': besideBucket(
    'aws_s3_bucket_ownership_controls',
    (values) => block(values, 'rule')['object_ownership'] === 'BucketOwnerEnforced',
  ),
  'buckets keep versions': besideBucket(
    'aws_s3_bucket_versioning',
    (values) => block(values, 'versioning_configuration')['status'] === 'Enabled',
  ),
  'buckets are swept': besideBucket('aws_s3_bucket_lifecycle_configuration', ({ rule }) =>
    (rule as readonly Values[]).some((one) => 'noncurrent_days' in block(one, 'noncurrent_version_expiration')),
  ),
  // S3 delivers its logs only where it encrypts by its own key.
  'buckets are encrypted by our key': besideBucket(
    'aws_s3_bucket_server_side_encryption_configuration',
    (values, one) => {
      const { sse_algorithm: algorithm, kms_master_key_id: key } = block(
        block(values, 'rule'),
        'apply_server_side_encryption_by_default',
      )
      return isAccessLog(one) ? algorithm === 'AES256' : algorithm === 'aws:kms' && isArn(key)
    },
  ),
  'buckets answer by TLS only': besideBucket('aws_s3_bucket_policy', (values, { values: { bucket } }) =>
    guardsTls(policyIn(values), `arn:aws:s3:::${String(bucket)}/*`),
  ),
  'accesses to buckets are logged': [
    'aws_s3_bucket',
    (one, plan) =>
      isAccessLog(one) ||
      of(plan, 'aws_s3_bucket_logging').some(
        ({ values }) =>
          values['bucket'] === one.values['bucket'] &&
          of(plan, 'aws_s3_bucket').some((log) => isAccessLog(log) && log.values['bucket'] === values['target_bucket']),
      ),
  ],
  'buckets that hold something stay': ['aws_s3_bucket', ({ values }, { keeps }) => values['force_destroy'] === !keeps],
  'queues are encrypted by our key, for fourteen days': [
    'aws_sqs_queue',
    ({ values }) => isArn(values['kms_master_key_id']) && values['message_retention_seconds'] === 1_209_600,
  ],
  'queues answer by TLS only': [
    'aws_sqs_queue',
    ({ values }, plan) =>
      of(plan, 'aws_sqs_queue_policy').some((one) => guardsTls(policyIn(one.values), String(values['arn']))),
  ],
  'what fails too often leaves its queue for one with a name': [
    'aws_sqs_queue',
    ({ values }) => String(values['name']).endsWith('-failed') || String(values['redrive_policy']).includes('-failed"'),
  ],
  'topics are encrypted by our key': ['aws_sns_topic', ({ values }) => isArn(values['kms_master_key_id'])],
  'streams are encrypted by our key, and grow by themselves': [
    'aws_kinesis_stream',
    ({ values }) =>
      values['encryption_type'] === 'KMS' &&
      isArn(values['kms_key_id']) &&
      block(values, 'stream_mode_details')['stream_mode'] === 'ON_DEMAND',
  ],
  'rows on their way are encrypted by our key, become Parquet of their table, and are told of when they do not': [
    'aws_kinesis_firehose_delivery_stream',
    ({ values }, plan) => {
      const { enabled, key_type: type, key_arn: key } = block(values, 'server_side_encryption')
      const s3 = block(values, 'extended_s3_configuration')
      const { log_group_name: log } = block(s3, 'cloudwatch_logging_options')
      const { table_name: table } = block(block(s3, 'data_format_conversion_configuration'), 'schema_configuration')
      const [, place, cluster] = /^records\/(\w+)\/cluster=([\w-]+)\/dt=!\{partitionKeyFromQuery:dt\}\/$/.exec(
        String(s3['prefix']),
      ) ?? ['', '', '']
      return (
        enabled === true &&
        type === 'CUSTOMER_MANAGED_CMK' &&
        isArn(key) &&
        isArn(s3['kms_key_arn']) &&
        Number(s3['buffering_size']) >= 64 &&
        place === table &&
        String(values['name']).includes(`-${cluster}.`) &&
        String(s3['error_output_prefix']).startsWith(`aside/${cluster}/firehose/${place}/`) &&
        of(plan, 'aws_glue_catalog_table').some((one) => one.values['name'] === table) &&
        of(plan, 'aws_cloudwatch_log_group').some((one) => one.values['name'] === log)
      )
    },
  ],
  'tables are encrypted by our key, restorable and protected': [
    'aws_dynamodb_table',
    ({ values }, { keeps }) =>
      isArn(block(values, 'server_side_encryption')['kms_key_arn']) &&
      block(values, 'point_in_time_recovery')['enabled'] === true &&
      values['deletion_protection_enabled'] === keeps,
  ],
  'keys rotate, and are not gone at once': [
    'aws_kms_key',
    ({ values }) => values['enable_key_rotation'] === true && values['deletion_window_in_days'] === 30,
  ],
  'logs are kept for a time, encrypted by our key': [
    'aws_cloudwatch_log_group',
    ({ values }, { logDays }) => values['retention_in_days'] === logDays && isArn(values['kms_key_id']),
  ],
  'functions have a part of the quota, a role and a log of their own': [
    'aws_lambda_function',
    ({ values }, plan) =>
      (plan.reserves
        ? Number(values['reserved_concurrent_executions']) > 0
        : values['reserved_concurrent_executions'] === -1) &&
      isArn(values['kms_key_arn']) &&
      of(plan, 'aws_lambda_function').filter((other) => other.values['role'] === values['role']).length === 1 &&
      of(plan, 'aws_cloudwatch_log_group').some(
        (group) => group.values['name'] === `/aws/lambda/${String(values['function_name'])}`,
      ),
  ],
  'roles are taken by one service': [
    'aws_iam_role',
    ({ values }) => {
      const { Statement } = JSON.parse(String(values['assume_role_policy'])) as Policy
      return Statement.length === 1 && /"Service":"(firehose|lambda|scheduler)\./.test(JSON.stringify(Statement[0]))
    },
  ],
  'roles name actions and resources': [
    'aws_iam_role_policy',
    ({ values }) =>
      policyIn(values).Statement.every(
        ({ Sid, Effect, Action, Resource }) =>
          listOf(Action!).every((action) => !action.includes('*')) &&
          // AWS offers nothing narrower for these actions.
          (Effect === 'Deny' || nothingNarrower.includes(Sid!) || !listOf(Resource!).includes('*')),
      ),
  ],
  'addresses are for callers that sign': [
    'aws_lambda_function_url',
    ({ values }) => values['authorization_type'] === 'AWS_IAM' || isIngest(values),
  ],
  'a stream is not held up by what fails': [
    'aws_lambda_event_source_mapping',
    ({ values }) =>
      !String(values['event_source_arn']).includes(':kinesis:') ||
      (Number(values['maximum_retry_attempts']) > 0 &&
        isArn(block(block(values, 'destination_config'), 'on_failure')['destination_arn'])),
  ],
  'only what failed of a batch comes again': [
    'aws_lambda_event_source_mapping',
    ({ values }) =>
      String(values['event_source_arn']).includes(':dynamodb:') ||
      String(values['function_response_types']) === 'ReportBatchItemFailures',
  ],
  'secrets can be had back for a week, while they are protected': [
    'aws_secretsmanager_secret',
    ({ values }, { keeps }) => isArn(values['kms_key_id']) && values['recovery_window_in_days'] === (keeps ? 7 : 0),
  ],
  'no secret passes Terraform': ['aws_secretsmanager_secret_version', () => false],
  'questions to the history have a limit, and encrypted answers': [
    'aws_athena_workgroup',
    ({ values }) => {
      const { bytes_scanned_cutoff_per_query: limit, ...configuration } = block(values, 'configuration')
      const result = block(block(configuration, 'result_configuration'), 'encryption_configuration')
      return (
        configuration['enforce_workgroup_configuration'] === true &&
        Number(limit) > 0 &&
        result['encryption_option'] === 'SSE_KMS' &&
        isArn(result['kms_key_arn'])
      )
    },
  ],
  'somebody hears of every alarm': [
    'aws_cloudwatch_metric_alarm',
    ({ values }) => isArn((values['alarm_actions'] as readonly string[])[0]),
  ],
}

/** Statements about every resource: of streams of tables, and of interfaces of networks, all are told at once. */
const nothingNarrower = ['LookAtNetwork', 'StreamsOfTables']

/** Resources of a plan of which something does not hold: `what must hold: address`. */
export const violations = (plan: Plan): readonly string[] =>
  Object.entries(invariants).flatMap(([says, [type, holds]]) =>
    of(plan, type)
      .filter((one) => !holds(one, plan))
      .map(({ address }) => `${says}: ${address}`),
  )
