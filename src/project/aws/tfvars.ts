import type { Schema } from '../../core/contracts/index.ts'
import { selectSchemas } from '../../core/classify/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Project } from '../load.ts'
import { apiVariables } from './api.ts'
import { type AwsCluster, type AwsConfig, defaultCluster } from './config.ts'
import { mostStreams } from './delivery-streams.ts'
import { outputVariables } from './outputs.ts'
import { requestSecrets } from './requests.ts'
import { tablesOf } from './tables.ts'

/** Files of the functions' code, absolute. */
export interface Packages {
  readonly ingest: string
  readonly dispatch: string
  /** Makes Parquet of segments, where records are kept as such. */
  readonly compact?: string
  /** Answers what happened. Undefined: there is none. */
  readonly api?: string
}

/** The values of infra/variables.tf. */
export type Variables = ReturnType<typeof toTfvars>['variables']

/** What of a project Terraform needs. */
export type DeployedProject = Pick<Project, 'config' | 'outputs' | 'secretUses' | 'sources'>

/** The section `aws` of a project. Throws CONFIG_INVALID where there is none. */
export function awsOf({ config }: Pick<Project, 'config'>): AwsConfig {
  if (config.aws) return config.aws
  throw new CodedError('CONFIG_INVALID', 'streamalert.yaml has no section "aws".', {
    place: { file: 'streamalert.yaml' },
    hint: 'Add "aws: { region: eu-central-1, prefix: acme }"; docs/deploy-aws.md tells the rest.',
  })
}

/**
 * The values of all variables of infra/variables.tf, and what is wrong. `schemas`: all that the project knows; records of those that its
 * sources may hold have tables, where records are kept.
 */
export function toTfvars(project: DeployedProject, schemas: readonly Schema[], packages: Packages) {
  const aws = awsOf(project)
  const problems: CodedError[] = []
  const names = Object.keys(project.config.clusters)
  const variables = {
    prefix: aws.prefix,
    region: aws.region,
    tags: aws.tags,
    packages: packagesFor(packages, aws),
    clusters: Object.fromEntries(
      names.map((name) => {
        const settings = aws.clusters[name] ?? defaultCluster()
        return [name, clusterVariables(settings, requestSecrets({ name, settings }, project, problems))]
      }),
    ),
    outputs: outputVariables(project.outputs, project.secretUses, aws, problems),
    history: {
      records_days: days(aws.history.records),
      alerts_days: days(aws.history.alerts),
      quarantine_days: days(aws.history.quarantine),
      query_limit_gb: aws.history.queryLimit / 2 ** 30,
      compactors: aws.history.compactors,
      writer: aws.history.writer,
    },
    tables: aws.history.records === false ? {} : tablesOf(heldBy(project, schemas), problems),
    alarms: {
      ...(aws.alarms.topicArn !== undefined && { topic_arn: aws.alarms.topicArn }),
      ...(aws.alarms.email !== undefined && { email: aws.alarms.email }),
      iterator_age_minutes: aws.alarms.iteratorAge / 60_000,
      queue_age_minutes: aws.alarms.queueAge / 60_000,
      quarantined: aws.alarms.quarantined,
      silent_hours: aws.alarms.silentAfter === false ? 0 : aws.alarms.silentAfter / 3_600_000,
    },
    api: apiVariables(aws.api),
    log_days: days(aws.logs.retention),
    deletion_protection: aws.deletionProtection,
    reserve_concurrency: aws.reserveConcurrency,
  }
  if (aws.history.writer === 'firehose') checkStreams(names.length, Object.keys(variables.tables).length, problems)
  return { variables, problems }
}

/** Without the api's, where nobody may ask it, and without that which makes Parquet, where Firehose does. */
function packagesFor({ api, compact, ...rest }: Packages, { api: { access }, history }: AwsConfig): Packages {
  return {
    ...rest,
    ...(compact !== undefined && history.writer === 'segments' && { compact }),
    ...(api !== undefined && access.length > 0 && { api }),
  }
}

/** Each cluster has a delivery stream for each table. */
function checkStreams(clusters: number, tables: number, problems: CodedError[]): void {
  const streams = clusters * tables
  if (streams <= mostStreams) return
  problems.push(
    new CodedError(
      'CONFIG_INVALID',
      `aws.history.writer is firehose, which would take ${streams} delivery streams for ${tables} tables of ${clusters} clusters: one key encrypts ${mostStreams} at most.`,
      {
        place: { file: 'streamalert.yaml' },
        hint: 'Name with the option schemas of each source what it may hold, or set aws.history.writer to segments.',
      },
    ),
  )
}

/** Log types that sources of the project may hold; without sources, all. */
function heldBy({ sources }: DeployedProject, schemas: readonly Schema[]): readonly Schema[] {
  if (sources.length === 0 || sources.some((source) => source.schemas === undefined)) return schemas
  return [...new Set(sources.flatMap((source) => selectSchemas(schemas, source.schemas)))]
}

/** false: 0, which is "not" for records and "for ever" for objects. */
const days = (ms: number | false) => (ms === false ? 0 : ms / 86_400_000)

function clusterVariables(cluster: AwsCluster, secrets: readonly string[] | undefined) {
  return {
    memory_mb: Math.round(cluster.memory / 2 ** 20),
    timeout_seconds: cluster.timeout / 1000,
    concurrency: cluster.concurrency,
    ...(cluster.vpc && { vpc: { subnet_ids: cluster.vpc.subnets, security_group_ids: cluster.vpc.securityGroups } }),
    streams: mapValues(cluster.streams, ({ retention }) => ({ retention_hours: retention / 3_600_000 })),
    existing_streams: mapValues(cluster.existingStreams, keyed),
    buckets: mapValues(cluster.buckets, ({ retention, services }) => ({ retention_days: days(retention), services })),
    existing_buckets: mapValues(cluster.existingBuckets, ({ topicArn, prefix, ...bucket }) => ({
      ...keyed(bucket),
      prefix,
      ...(topicArn !== undefined && { topic_arn: topicArn }),
    })),
    existing_queues: mapValues(cluster.existingQueues, keyed),
    existing_topics: mapValues(cluster.existingTopics, ({ arn }) => ({ arn })),
    log_groups: cluster.logGroups,
    event_rules: mapValues(cluster.eventRules, (pattern) => JSON.stringify(pattern)),
    writer_accounts: cluster.writerAccounts,
    http: cluster.http !== false,
    ...(secrets && { http_secrets: secrets }),
  }
}

const keyed = ({ arn, keyArn }: { readonly arn: string; readonly keyArn?: string | undefined }) => ({
  arn,
  ...(keyArn !== undefined && { key_arn: keyArn }),
})

const mapValues = <T, U>(map: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]))
