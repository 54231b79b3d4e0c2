import { z } from 'zod'
import { duration, size } from '../units.ts'
import { apiConfig } from './api.ts'

const hour = 3_600_000
const day = 24 * hour

/** An ARN of a service: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const arn = (service: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:(\\d{12})?:\\S{1,512}$`), `is not the ARN of ${what}`)
const keyArn = arn('kms', 'a KMS key')
  .optional()
  .meta({ description: 'ARN of the KMS key that encrypts it, if one does.' })
const accountId = z
  .string('is not an account: write its twelve digits in quotes')
  .regex(/^\d{12}$/, 'is not the number of an account: twelve digits')

/** Whole units of time: AWS counts in no smaller ones. */
const whole = (unit: number, name: string, least: number, most: number) =>
  duration.refine(
    (ms) => ms % unit === 0 && ms >= least * unit && ms <= most * unit,
    `is not a whole number of ${name} from ${least} to ${most}`,
  )
const days = (most = 3650) => whole(day, 'days', 1, most)

/** Names of what is made, after those of the deployment and of the cluster. */
const partName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'is not a name for AWS: up to 31 lower case letters, digits and dashes')
const named = <T extends z.ZodType>(value: T) => z.record(partName, value).default({})
/** `name:` alone takes the defaults. */
const withDefaults = <T extends z.ZodObject>(shape: T) => z.preprocess((value) => value ?? {}, shape)

const cluster = z.strictObject({
  memory: size
    // Empty, the function with its worker takes 150 MB.
    .refine((bytes) => bytes >= 512 * 2 ** 20 && bytes <= 10_240 * 2 ** 20, 'is not from 512MB to 10GB')
    .prefault('1GB')
    .meta({ description: 'Memory of the function that reads logs; its processor grows with it, one whole at 1769MB.' }),
  timeout: whole(1000, 'seconds', 10, 900).prefault('5m').meta({ description: 'Time one invocation has.' }),
  concurrency: z.int().min(2).max(10_000).default(20).meta({
    description:
      'Invocations at the same time at most, reserved of the quota of the account; the rest waits in queues and streams.',
  }),
  vpc: z
    .strictObject({
      subnets: z
        .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'is not a subnet'))
        .min(1)
        .meta({ description: 'Ids of private subnets, best in two zones.' }),
      securityGroups: z
        .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/, 'is not a security group'))
        .min(1)
        .meta({ description: 'Ids of security groups; outwards to port 443 is enough for what is in AWS.' }),
    })
    .optional()
    .meta({
      description:
        'Network that the functions of the cluster are put into. They need ways to DynamoDB, S3, KMS, Secrets Manager and to what outputs send to.',
    }),
  streams: named(
    withDefaults(
      z.strictObject({
        retention: whole(hour, 'hours', 24, 8760)
          .prefault('24h')
          .meta({ description: 'How long the stream keeps records.' }),
      }),
    ),
  ).meta({ description: 'Kinesis streams to make: name → options.' }),
  existingStreams: named(z.strictObject({ arn: arn('kinesis', 'a stream'), keyArn })).meta({
    description: 'Kinesis streams that are there.',
  }),
  buckets: named(
    withDefaults(
      z.strictObject({
        retention: z
          .union([days(), z.literal(false)])
          .prefault('365d')
          .meta({ description: 'How long objects are kept; false: for ever.' }),
        services: z
          .array(
            z.string().regex(/^[a-z0-9.-]{1,100}\.amazonaws\.com$/, 'is not a service: write cloudtrail.amazonaws.com'),
          )
          .default([])
          .meta({
            description:
              'Services of AWS that write there, in the name of this account and of `writerAccounts`: `cloudtrail.amazonaws.com`, `delivery.logs.amazonaws.com` (flow logs), `config.amazonaws.com`.',
          }),
      }),
    ),
  ).meta({ description: 'Buckets to make; objects written there are read.' }),
  existingBuckets: named(
    z.strictObject({
      arn: arn('s3', 'a bucket'),
      prefix: z.string().max(500).default('').meta({ description: 'Only objects whose keys begin so may be read.' }),
      keyArn,
      topicArn: arn('sns', 'a topic').optional().meta({
        description:
          'Topic that the bucket announces objects on already. Without: point its notifications at the queue that `deploy` prints.',
      }),
    }),
  ).meta({ description: 'Buckets that are there. Their notifications stay as they are.' }),
  existingQueues: named(z.strictObject({ arn: arn('sqs', 'a queue'), keyArn })).meta({
    description: 'SQS queues that carry records.',
  }),
  existingTopics: named(z.strictObject({ arn: arn('sns', 'a topic') })).meta({
    description: 'SNS topics that carry records.',
  }),
  logGroups: z
    .record(
      z.string().regex(/^[\w./#-]{1,512}$/, 'is not the name of a log group'),
      z
        .string()
        .max(1024)
        .nullable()
        .transform((pattern) => pattern ?? ''),
    )
    .default({})
    .meta({ description: 'CloudWatch log groups to subscribe to: name → filter pattern, empty for all.' }),
  eventRules: named(z.record(z.string(), z.unknown())).meta({
    description:
      'Events of EventBridge to take from the bus of the account: name → [event pattern](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).',
  }),
  writerAccounts: z.array(accountId).default([]).meta({
    description: 'Accounts that may write into the streams and buckets that are made.',
  }),
  http: z
    .union([
      z.boolean(),
      z.strictObject({ source: z.string().regex(/^http:\S+$/, 'is not a source of the kind http') }),
    ])
    .default(false)
    .meta({
      description:
        'An address that takes records by HTTP. `true`: callers sign with IAM. `{ source: http:NAME }`: for senders that cannot, such as GitHub and Okta; that source of the project lets in who brings one of its tokens or signs with one of its keys.',
    }),
})

/** Options of one cluster on AWS. */
export type AwsCluster = z.output<typeof cluster>

const history = z.strictObject({
  records: z
    .union([days(), z.literal(false)])
    .default(false)
    .meta({ description: 'How long records are kept to be searched by Athena; false: not at all.' }),
  writer: z.enum(['segments', 'firehose']).default('segments').meta({
    description:
      'What makes tables of records: `segments`, objects that a function of the deployment turns into Parquet; or `firehose`, Amazon Data Firehose, which costs some seventeen times as much and may write a record twice.',
  }),
  alerts: days()
    .prefault('90d')
    .meta({ description: 'How long records too large for a table are kept beside their alerts.' }),
  quarantine: days().prefault('30d').meta({ description: 'How long records that nothing understood are kept.' }),
  queryLimit: size
    .refine((bytes) => bytes % 2 ** 30 === 0, 'is not a whole number of gigabytes')
    .prefault('100GB')
    .meta({ description: 'Bytes that one query may read.' }),
  compactors: z.int().min(1).max(50).default(1).meta({
    description:
      'Functions that make tables of segments at the same time; one takes about a terabyte of logs a day. Not with `writer: firehose`.',
  }),
})

/** What CloudWatch takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const logDays: readonly number[] = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
]
const logs = z.strictObject({
  retention: duration
    .refine(
      (ms) => logDays.includes(ms / day),
      `is not a time that CloudWatch keeps logs for, in days: ${logDays.join(', ')}`,
    )
    .prefault('90d')
    .meta({ description: `How long they are kept; in days ${logDays.join(', ')}.` }),
})

const minutes = whole(60_000, 'minutes', 1, 1440)
const alarms = z.strictObject({
  topicArn: arn('sns', 'a topic')
    .optional()
    .meta({ description: 'Topic that is there and is told. Default: one is made.' }),
  email: z
    .email('is not an address of e-mail')
    .optional()
    .meta({ description: 'Address that is told by the topic that is made.' }),
  iteratorAge: minutes.prefault('15m').meta({ description: 'Records of a stream wait longer.' }),
  queueAge: minutes.prefault('15m').meta({ description: 'Objects that were announced wait longer.' }),
  silentAfter: z
    .union([whole(hour, 'hours', 1, 24), z.literal(false)])
    .prefault('24h')
    .meta({
      description:
        'A stream, queue, topic, log group or the address for HTTP brought nothing for so long; false: never.',
    }),
  quarantined: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'More records than this that nothing understood, within a quarter of an hour.' }),
})

/**
 * The section `aws` of streamalert.yaml: what `streamalert deploy` makes. In: durations and sizes as texts. Out: milliseconds and
 * bytes. Every cluster of the project is deployed, with the defaults where `clusters` does not name it.
 */
export const awsConfig = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a region: write eu-central-1')
    .meta({ description: 'Region of everything.' }),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,19}$/, 'is not a prefix: 3 to 20 lower case letters and digits, without dashes')
    .meta({ description: 'Begins every name. It has no dash, so the names of two deployments never meet.' }),
  account: accountId.optional().meta({
    description:
      'Number of the account, in quotes: nothing is deployed into another one. Outputs that name resources without their ARN need it.',
  }),
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .default({})
    .meta({ description: 'Tags on everything.' }),
  clusters: z
    .record(z.string(), withDefaults(cluster))
    .default({})
    .meta({ description: 'Where the logs of each cluster come in. Clusters that are not named have the defaults.' }),
  history: history.prefault({}).meta({ description: 'What is kept, and how long.' }),
  api: apiConfig.prefault({}).meta({ description: 'Who may look at the deployment with `--aws`.' }),
  alarms: alarms.prefault({}).meta({ description: 'Who hears of trouble, and from when on it is trouble.' }),
  logs: logs.prefault({}).meta({ description: 'What the functions write of themselves, in CloudWatch.' }),
  deletionProtection: z
    .boolean()
    .default(true)
    .meta({ description: 'Tables and buckets that hold data cannot be deleted.' }),
  outputKeys: z
    .array(arn('kms', 'a KMS key'))
    .default([])
    .meta({ description: 'ARNs of the KMS keys that encrypt topics and queues which outputs send to.' }),
  reserveConcurrency: z.boolean().default(true).meta({
    description:
      'Each function has its part of the quota of the account for itself. `false`: they share it, which is for new accounts until theirs is raised. History (`history.records`) needs `true`, unless Firehose writes it.',
  }),
})

export type AwsConfig = z.output<typeof awsConfig>

/** The options of a cluster that `aws.clusters` does not name. */
export const defaultCluster = (): AwsCluster => cluster.parse({})
