import type { DynamoDB } from '@aws-sdk/client-dynamodb'
import type { Firehose } from '@aws-sdk/client-firehose'
import type { S3 } from '@aws-sdk/client-s3'
import type { SQS } from '@aws-sdk/client-sqs'
import { clientSettings } from '../../aws/client.ts'
import type { LogLine, Store } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { withRates } from '../../core/rates/index.ts'
import { openDynamoStore } from '../../stores/aws-dynamodb/index.ts'
import { bucketBlobs } from './blobs.ts'
import type { Common } from './project.ts'

/** Where a function runs. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  now(): number
  /** Takes a line for the function's log; CloudWatch reads metrics out of it. */
  write(line: string): void
  readonly dynamo: () => DynamoDB
  readonly s3: () => S3
  /** Default: that of the function's region. */
  readonly sqs?: () => Promise<SQS>
  /** The same. */
  readonly firehose?: () => Promise<Firehose>
}

/** What Lambda tells of an invocation. */
export interface Invocation {
  getRemainingTimeInMillis(): number
}

/** Names that infra/modules/cluster gives to its functions. */
export interface Place {
  readonly cluster: string
  readonly table: string
  readonly lake: string
  readonly prefix: string
}

/** Throws CONFIG_MISSING when the function has not its environment. */
export function placeOf(around: Pick<Surroundings, 'env'>): Place {
  return {
    cluster: variableOf(around, 'STREAMALERT_CLUSTER'),
    table: variableOf(around, 'STREAMALERT_TABLE'),
    lake: variableOf(around, 'STREAMALERT_LAKE'),
    prefix: variableOf(around, 'STREAMALERT_PREFIX'),
  }
}

/** A variable of the function's environment. Throws CONFIG_MISSING. */
export function variableOf({ env }: Pick<Surroundings, 'env'>, name: string): string {
  const value = env[name]
  if (value === undefined || value === '') throw new CodedError('CONFIG_MISSING', `${name} is not set.`)
  return value
}

/** What a function has that keeps nothing in tables. */
export type BucketSurroundings = Omit<Surroundings, 'dynamo'>

/** The function itself: the clock, its log, the services of its region, with tries of their own. */
export async function lambdaSurroundings(): Promise<Surroundings> {
  const [{ DynamoDB: Dynamo }, buckets] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    lambdaBucketSurroundings(),
  ])
  const settings = await clientSettings({}, { reveal: async (value) => value })
  return { ...buckets, dynamo: () => new Dynamo({ ...settings, maxAttempts: 6 }) }
}

/** The same without DynamoDB. */
export async function lambdaBucketSurroundings(): Promise<BucketSurroundings> {
  const { S3: Bucket } = await import('@aws-sdk/client-s3')
  const settings = await clientSettings({}, { reveal: async (value) => value })
  return {
    env: process.env,
    now: Date.now,
    write: (line) => void process.stdout.write(`${line}\n`),
    s3: () => new Bucket({ ...settings, maxAttempts: 3, followRegionRedirects: true }),
  }
}

/** The cluster's store, whose alerts keep to the rate limits. */
export function openStore({ cluster, table, lake }: Place, { rates, kept }: Common, around: Surroundings): Store {
  const client = around.dynamo()
  const store = openDynamoStore({ client, table, cluster, kept, blobs: bucketBlobs(around.s3(), lake) })
  return withRates(store, new Map(rates))
}

/** Lines of the log are JSON. */
export const logTo =
  ({ write }: Pick<Surroundings, 'write'>) =>
  (line: LogLine): void =>
    write(JSON.stringify(line))
