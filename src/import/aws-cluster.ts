import { isPlainObject } from '../core/plain.ts'
import { at, object, texts } from './values.ts'

/** A cluster of the predecessor's as `aws.clusters` of streamalert.yaml has it, and what of it has no counterpart. */
export interface AwsClusterDraft {
  readonly name: string
  /** Options in the order in which they are written. */
  readonly options: Readonly<Record<string, unknown>>
  /** For a person: what else there was. */
  readonly notes: readonly string[]
}

/** Where the predecessor was deployed, and under which prefix. */
export type AwsPlace = { readonly region: string; readonly account: string; readonly prefix: string }
type OldCluster = {
  readonly data_sources: Readonly<Record<string, unknown>>
  readonly modules: Readonly<Record<string, unknown>>
  readonly classifier_config: Readonly<Record<string, unknown>>
}

/** Reads the modules of a cluster. */
export function convertCluster(
  name: string,
  { modules, classifier_config: classifier, data_sources: data }: OldCluster,
  place: AwsPlace,
): AwsClusterDraft {
  const { region, account, prefix } = place
  const streams = object(at(modules, 'kinesis', 'streams'))
  const stream = typeof streams['stream_name'] === 'string' ? streams['stream_name'] : `${prefix}_${name}_streamalert`
  const filters = Object.entries(object(modules['s3_events'])).map(([bucket, given]): readonly [string, unknown] => {
    return [bucket, at(Array.isArray(given) ? given[0] : undefined, 'filter_prefix')]
  })
  const trail = at(modules, 'cloudtrail', 's3_settings', 'bucket_name')
  const sources = (kind: string) => Object.keys(object(data[kind]))
  const streamNames = [...(modules['kinesis'] === undefined ? [] : [stream]), ...sources('kinesis')]
  const bucketNames = [...(typeof trail === 'string' ? [trail] : []), ...sources('s3')]
  const buckets = new Map([...bucketNames.map((bucket) => [bucket, undefined] as const), ...filters])
  const topics = new Set([
    ...texts(at(classifier, 'inputs', 'aws-sns')),
    ...sources('sns').map((topic) => `arn:aws:sns:${region}:${account}:${topic}`),
  ])
  const flows = at(modules, 'flow_logs', 'log_group_name')
  const writers = [
    ...accounts(streams['trusted_accounts']),
    ...accounts(at(modules, 'cloudwatch_logs_destination', 'cross_account_ids')),
    ...accounts(at(modules, 'cloudtrail', 's3_settings', 'cross_account_ids')),
  ]
  const options = {
    // The old functions ran on less than ours do: then the default stands.
    memory: numberIn(classifier['memory'], 512, 10_240, 'MB'),
    timeout: numberIn(classifier['timeout'], 10, 900, 's'),
    concurrency: numberIn(classifier['concurrency_limit'], 2, 10_000),
    vpc: vpcOf(classifier['vpc_config']),
    existingStreams: byName([...new Set(streamNames)], (one) => [
      one === stream ? 'old' : awsName(one),
      { arn: `arn:aws:kinesis:${region}:${account}:stream/${one}` },
    ]),
    existingBuckets: byName([...buckets], ([bucket, key]) => [
      awsName(bucket),
      { arn: `arn:aws:s3:::${bucket}`, ...(typeof key === 'string' && { prefix: key }) },
    ]),
    existingTopics: byName([...topics], (arn) => [awsName(arn.split(':').at(-1)!), { arn }]),
    logGroups: typeof flows === 'string' ? { [flows]: '' } : {},
    eventRules: eventRulesOf(modules['cloudwatch_events'], account),
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

/** Names may meet once they are made plain: then they are numbered. */
function byName<T>(all: readonly T[], entry: (one: T) => readonly [string, unknown]): Record<string, unknown> {
  const named: Record<string, unknown> = {}
  for (const one of all) {
    const [name, value] = entry(one)
    const free = (n: number): string => {
      const tried = n === 1 ? name : `${name.slice(0, 28)}-${n}`
      return Object.hasOwn(named, tried) ? free(n + 1) : tried
    }
    named[free(1)] = value
  }
  return named
}

function vpcOf(given: unknown): unknown {
  const [subnets, securityGroups] = [texts(at(given, 'subnet_ids')), texts(at(given, 'security_group_ids'))]
  return subnets.length > 0 && securityGroups.length > 0 ? { subnets, securityGroups } : undefined
}

/** Without a pattern of its own, the module took all events of the account. */
function eventRulesOf(module: unknown, account: string): unknown {
  if (!isPlainObject(module) || module['enabled'] === false) return undefined
  return { events: isPlainObject(module['event_pattern']) ? module['event_pattern'] : { account: [account] } }
}

const accounts = (value: unknown) => texts(value).filter((one) => /^\d{12}$/.test(one))

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
  cloudtrail:
    'a trail is not made: its bucket is read. The trail stays as it is; a new one may write into a bucket with services: [cloudtrail.amazonaws.com].',
  cloudwatch_events:
    'its rule is made anew and calls the function, not the stream: take the old one away, or each event is read twice. Who else may put events on the bus stays as it is.',
  cloudwatch_logs_destination:
    'destinations in other regions are not made: let the accounts write to a stream (writerAccounts), or name log groups of this account (logGroups).',
  flow_logs: 'flow logs are not made: name their log group in logGroups, or their bucket in existingBuckets.',
  cloudwatch_monitoring: 'alarms are always made; "alarms" says when they sound.',
  streamalert_apps: 'there are no functions that fetch from services.',
}
