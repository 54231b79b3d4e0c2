import { isObject, type Value, type ValueObject } from './values.ts'

/** The account and region that plans are made for. */
export const account = '123456789012'
export const region = 'eu-central-1'

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`
const named =
  (service: string, prefix = '') =>
  (name: string) => ({ arn: arn(service, prefix + name), id: name })

/** Resource type → the attribute that names one, and what follows from the name. */
const known: Readonly<Record<string, readonly [key: string, (name: string) => ValueObject]>> = {
  aws_sqs_queue: [
    'name',
    (name) => {
      const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`
      return { arn: arn('sqs', name), id: url, url }
    },
  ],
  aws_sns_topic: ['name', (name) => ({ arn: arn('sns', name), id: arn('sns', name) })],
  aws_kinesis_stream: [
    'name',
    (name) => ({ arn: arn('kinesis', `stream/${name}`), id: arn('kinesis', `stream/${name}`) }),
  ],
  aws_s3_bucket: [
    'bucket',
    (bucket) => ({
      ...{ arn: `arn:aws:s3:::${bucket}`, id: bucket, bucket_domain_name: `${bucket}.s3.amazonaws.com` },
      bucket_regional_domain_name: `${bucket}.s3.${region}.amazonaws.com`,
    }),
  ],
  aws_dynamodb_table: [
    'name',
    (name) => ({
      ...named('dynamodb', 'table/')(name),
      stream_arn: arn('dynamodb', `table/${name}/stream/2026-01-01T00:00:00.000`),
    }),
  ],
  aws_lambda_function: [
    'function_name',
    (name) => ({
      ...named('lambda', 'function:')(name),
      qualified_arn: arn('lambda', `function:${name}:1`),
      version: '1',
      invoke_arn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn('lambda', `function:${name}`)}/invocations`,
    }),
  ],
  aws_lambda_function_url: [
    'function_name',
    (name) => ({ id: name, function_url: `https://${name}.lambda-url.${region}.on.aws/` }),
  ],
  aws_lambda_alias: ['name', (name) => ({ id: name })],
  aws_iam_role: ['name', (name) => ({ arn: `arn:aws:iam::${account}:role/${name}`, id: name })],
  aws_cloudwatch_log_group: ['name', named('logs', 'log-group:')],
  aws_kms_key: [
    'description',
    (text) => ({ arn: arn('kms', `key/${text.replaceAll(/\W+/g, '-')}`), key_id: text.replaceAll(/\W+/g, '-') }),
  ],
  aws_kms_alias: ['name', (name) => ({ arn: arn('kms', name), id: name })],
  aws_glue_catalog_database: ['name', named('glue', 'database/')],
  aws_athena_workgroup: ['name', named('athena', 'workgroup/')],
  aws_kinesis_firehose_delivery_stream: ['name', named('firehose', 'deliverystream/')],
  aws_secretsmanager_secret: ['name', (name) => ({ arn: arn('secretsmanager', `secret:${name}-abcdef`), id: name })],
  aws_cloudwatch_metric_alarm: ['alarm_name', named('cloudwatch', 'alarm:')],
}

/** What a resource's computed attributes will be, as far as its name tells; so that a plan shows the ARNs that policies hold. */
export function predicted(type: string, value: Value): ValueObject {
  const [key, from] = known[type] ?? []
  const name = isObject(value) && key !== undefined ? value[key] : undefined
  const tags = isObject(value) && isObject(value['tags']) ? value['tags'] : {}
  return { region, tags_all: tags, ...(typeof name === 'string' && from?.(name)) }
}
