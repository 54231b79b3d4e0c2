import { isPlainObject } from '../core/plain.ts'
import type { CodedError } from '../core/errors.ts'
import { filesIn } from './folders.ts'
import { oldCluster, settings } from './forms.ts'
import { plainName } from './names.ts'
import { type Files, readFile } from './read.ts'

/** A cluster of the predecessor's as `aws.clusters` of streamalert.yaml has it, and what of it has no counterpart. */
export interface AwsClusterDraft {
  readonly name: string
  /** Options in the order in which they are written. */
  readonly options: Readonly<Record<string, unknown>>
  /** For a person: what else there was. */
  readonly notes: readonly string[]
}

/** The section `aws`, as far as the predecessor's files tell it. */
export interface AwsDraft {
  readonly region: string
  readonly prefix: string
  readonly account?: string
  readonly clusters: readonly AwsClusterDraft[]
  readonly notes: readonly string[]
}

/** Any value as an object; what is none is empty. */
const object = (value: unknown): Readonly<Record<string, unknown>> => (isPlainObject(value) ? value : {})
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((found, step) => (Object.hasOwn(object(found), step) ? object(found)[step] : undefined), value)
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
const accounts = (value: unknown) => texts(value).filter((one) => /^\d{12}$/.test(one))

/**
 * Reads what the predecessor deployed: `conf/global.json` and the modules of `conf/clusters/*.json`. Undefined where `account` names no
 * region or prefix. Streams that were made there are attached, not made again; buckets keep their notifications until a person
 * changes them. Faults of the files are told where their log types are converted.
 */
export function convertAws(files: Files): AwsDraft | undefined {
  const unheard: CodedError[] = []
  const global = readFile(files, 'conf/global.json', settings, unheard)?.value
  const { region, prefix, aws_account_id: account } = object(at(global, 'account'))
  if (typeof region !== 'string' || typeof prefix !== 'string' || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    return undefined
  const id = typeof account === 'string' && /^\d{12}$/.test(account) ? account : undefined
  const place = { region, account: id ?? 'ACCOUNT', prefix }
  const clusters = filesIn(files, ['conf/clusters'], '.json').flatMap((file) => {
    const read = readFile(files, file, oldCluster, unheard)
    const name =
      read?.value.id ??
      file
        .split('/')
        .at(-1)!
        .replace(/\.json$/, '')
    return read ? [convertCluster(plainName(name), read.value, place)] : []
  })
  const plain = prefix
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/^\d+/, '')
    .slice(0, 20)
  return {
    region,
    prefix: plain.length < 3 ? 'streamalert' : plain,
    ...(id !== undefined && { account: id }),
    clusters,
    notes: globalNotes(global),
  }
}

/** Settings of deployment that are no cluster's. */
function globalNotes(global: unknown): string[] {
  const kept = at(global, 'infrastructure', 'firehose', 'enabled') === true
  const topic = at(global, 'infrastructure', 'monitoring', 'sns_topic_name')
  return [
    ...(kept ? ['Firehose kept records: "history: { records: 365d }" keeps them here.'] : []),
    ...(typeof topic === 'string' ? [`Alarms went to the topic ${topic}: name its ARN as alarms.topicArn.`] : []),
    'The state of Terraform, its bucket and the tables begin anew; both versions can run side by side.',
  ]
}

type Place = { readonly region: string; readonly account: string; readonly prefix: string }
type OldCluster = {
  readonly modules: Readonly<Record<string, unknown>>
  readonly classifier_config: Readonly<Record<string, unknown>>
}

function convertCluster(
  name: string,
  { modules, classifier_config: classifier }: OldCluster,
  place: Place,
): AwsClusterDraft {
  const { region, account, prefix } = place
  const streams = object(at(modules, 'kinesis', 'streams'))
  const stream = typeof streams['stream_name'] === 'string' ? streams['stream_name'] : `${prefix}_${name}_streamalert`
  const buckets = Object.entries(object(modules['s3_events'])).map(([bucket, filters]): [string, object] => {
    const [first] = Array.isArray(filters) ? filters : []
    const key = at(first, 'filter_prefix')
    return [awsName(bucket), { arn: `arn:aws:s3:::${bucket}`, ...(typeof key === 'string' && { prefix: key }) }]
  })
  const trail = at(modules, 'cloudtrail', 's3_settings', 'bucket_name')
  if (typeof trail === 'string') buckets.push([awsName(trail), { arn: `arn:aws:s3:::${trail}` }])
  const topics = texts(at(classifier, 'inputs', 'aws-sns')).map(
    (arn) => [awsName(arn.split(':').at(-1)!), { arn }] as const,
  )
  const flows = at(modules, 'flow_logs', 'log_group_name')
  const writers = [
    ...accounts(streams['trusted_accounts']),
    ...accounts(at(modules, 'cloudwatch_logs_destination', 'cross_account_ids')),
    ...accounts(at(modules, 'cloudtrail', 's3_settings', 'cross_account_ids')),
  ]
  const options = {
    memory: numberIn(classifier['memory'], 128, 10_240, 'MB'),
    timeout: numberIn(classifier['timeout'], 10, 900, 's'),
    concurrency: numberIn(classifier['concurrency_limit'], 2, 10_000),
    existingStreams:
      modules['kinesis'] === undefined ? {} : { old: { arn: `arn:aws:kinesis:${region}:${account}:stream/${stream}` } },
    existingBuckets: Object.fromEntries(buckets),
    existingTopics: Object.fromEntries(topics),
    logGroups: typeof flows === 'string' ? { [flows]: '' } : {},
    writerAccounts: [...new Set(writers)],
  }
  return {
    name,
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => !isEmpty(value))),
    notes: Object.keys(modules).flatMap((module) =>
      Object.hasOwn(counterparts, module) ? [`${module}: ${counterparts[module]}`] : [],
    ),
  }
}

const isEmpty = (value: unknown) =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

/** Numbers came as texts, too. Units are MB and seconds. */
function numberIn(value: unknown, least: number, most: number, unit?: string): string | number | undefined {
  const number = Math.round(Number(value ?? Number.NaN))
  if (!(number >= least && number <= most)) return undefined
  return unit === undefined ? number : `${number}${unit}`
}

/** A name that aws.clusters takes. */
const awsName = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 31)
    .replace(/-+$/, '') || 'unnamed'

/** What of a module is left to a person. What is not named here is converted whole. */
const counterparts: Readonly<Record<string, string>> = {
  kinesis:
    'the stream that was made is attached, as writers know its name; roles that other accounts assumed to write to it are not made again.',
  s3_events:
    'notifications of the buckets stay as they are: add the queue that "deploy" prints. Suffixes, and prefixes after the first, have no counterpart.',
  cloudtrail: 'a trail is not made: its bucket is read. Let the trail itself stay with whoever governs the accounts.',
  cloudwatch_events: 'a rule of EventBridge is not made: let it send to an SQS queue, and name that in existingQueues.',
  cloudwatch_logs_destination:
    'destinations in other regions are not made: let the accounts write to a stream (writerAccounts), or name log groups of this account (logGroups).',
  flow_logs: 'flow logs are not made: name their log group in logGroups, or their bucket in existingBuckets.',
  cloudwatch_monitoring: 'alarms are always made; "alarms" says when they sound.',
  streamalert_apps: 'there are no functions that fetch from services.',
}
