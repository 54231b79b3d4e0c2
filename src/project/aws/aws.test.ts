import { expect, test } from 'vitest'
import { schemas } from '../../../schemas/index.ts'
import type { Problems } from '../../core/errors.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { loadProject } from '../load.ts'
import { toTfvars } from './tfvars.ts'

const packages = { ingest: '/i.zip', dispatch: '/d.zip', compact: '/c.zip', api: '/a.zip' }
const load = (yaml: string) => loadProject(projectFolder({ 'streamalert.yaml': yaml }))
const variablesOf = async (yaml: string) => {
  const { variables, problems } = toTfvars(await load(yaml), [], packages)
  expect(problems).toEqual([])
  return variables
}

/** Every fault of a configuration: `line:column CODE message`. */
const faultsOf = (yaml: string) =>
  load(yaml).then(
    () => [],
    (error: unknown) =>
      (error as Problems).problems.map(
        ({ place, code, message }) => `${place.line}:${place.column} ${code} ${message}`,
      ),
  )

test('what is written in words is told in the units of the variables', async () => {
  const variables = await variablesOf(`
clusters: { prod: , pci: }
aws:
  region: eu-central-1
  prefix: acme
  tags: { team: security }
  history: { alerts: 30d, queryLimit: 1TB }
  alarms: { iteratorAge: 1h, silentAfter: false }
  deletionProtection: false
  clusters:
    pci:
      memory: 1769MB
      timeout: 15m
      concurrency: 50
      streams: { logs: { retention: 7d }, apps: }
      existingStreams: { old: { arn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/old', keyArn: 'arn:aws:kms:eu-central-1:123456789012:key/k' } }
      buckets: { trail: { retention: false } }
      existingBuckets: { logs: { arn: 'arn:aws:s3:::logs', prefix: AWSLogs/ } }
      existingTopics: { t: { arn: 'arn:aws:sns:eu-central-1:123456789012:t' } }
      eventRules: { guardduty: { source: [aws.guardduty] } }
      logGroups: { /vpc/flow: , app: ERROR }
      writerAccounts: ['210987654321']
      http: true
`)
  expect(variables).toMatchObject({
    tags: { team: 'security' },
    history: { records_days: 0, alerts_days: 30, quarantine_days: 30, query_limit_gb: 1024, compactors: 1 },
    alarms: { iterator_age_minutes: 60, queue_age_minutes: 15, silent_hours: 0 },
    tables: {},
    deletion_protection: false,
  })
  expect(variables.clusters['prod']).toMatchObject({
    memory_mb: 1024,
    timeout_seconds: 300,
    concurrency: 20,
    http: false,
  })
  expect(variables.clusters['pci']).toEqual({
    memory_mb: 1769,
    timeout_seconds: 900,
    concurrency: 50,
    streams: { logs: { retention_hours: 168 }, apps: { retention_hours: 24 } },
    existing_streams: {
      old: {
        arn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/old',
        key_arn: 'arn:aws:kms:eu-central-1:123456789012:key/k',
      },
    },
    buckets: { trail: { retention_days: 0, services: [] } },
    existing_buckets: { logs: { arn: 'arn:aws:s3:::logs', prefix: 'AWSLogs/' } },
    existing_queues: {},
    existing_topics: { t: { arn: 'arn:aws:sns:eu-central-1:123456789012:t' } },
    log_groups: { '/vpc/flow': '', app: 'ERROR' },
    event_rules: { guardduty: '{"source":["aws.guardduty"]}' },
    writer_accounts: ['210987654321'],
    http: true,
  })
})

const outputs = `clusters: { prod: }
outputs:
  slack: { a: { url: secret:SLACK }, b: { url: 'secret:chats#slack' } }
  aws-sns:
    t: { topic: 'arn:aws:sns:us-east-1:123456789012:t' }
    other: { topic: 'arn:aws:sns:us-east-1:210987654321:t', assumeRole: { arn: 'arn:aws:iam::210987654321:role/alerts' } }
  aws-sqs: { q: { queue: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q.fifo' } }
  aws-s3: { b: { bucket: alerts, kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/k' } }
  aws-lambda: { f: { function: respond, qualifier: live } }
  aws-firehose: { f: { stream: alerts, region: us-east-1 }, own: { stream: x, credentials: { accessKeyId: secret:ID, secretAccessKey: secret:KEY } } }
  aws-ses: { m: { from: 'Alerts <alerts@example.com>', to: [a@example.com] } }
  aws-cloudwatch-log: { l: { group: /alerts } }
aws: { region: eu-central-1, prefix: acme, account: '123456789012' }
`

test('what outputs need is found: ARNs, keys and secrets, and nothing beside', async () => {
  const project = await load(outputs)
  const { variables, problems } = toTfvars(project, [], packages)
  expect(problems).toEqual([])
  expect(variables.outputs).toEqual({
    secrets: ['ID', 'KEY', 'SLACK', 'chats'],
    topics: ['arn:aws:sns:us-east-1:123456789012:t'],
    queues: ['arn:aws:sqs:eu-west-1:123456789012:q.fifo'],
    functions: ['arn:aws:lambda:eu-central-1:123456789012:function:respond:live'],
    buckets: ['arn:aws:s3:::alerts'],
    firehoses: ['arn:aws:firehose:us-east-1:123456789012:deliverystream/alerts'],
    log_groups: ['arn:aws:logs:eu-central-1:123456789012:log-group:/alerts'],
    ses_identities: [
      'arn:aws:ses:eu-central-1:123456789012:identity/alerts@example.com',
      'arn:aws:ses:eu-central-1:123456789012:identity/example.com',
    ],
    key_arns: ['arn:aws:kms:eu-central-1:123456789012:key/k'],
    sent_key_arns: [],
    roles: ['arn:aws:iam::210987654321:role/alerts'],
  })
})

test('outputs that a function could not use are faults', async () => {
  const project = await load(`clusters: { prod: }
outputs:
  aws-firehose: { f: { stream: alerts } }
  aws-sqs: { q: { queue: 'http://localhost:9324/000000000000/q' } }
aws: { region: eu-central-1, prefix: acme }
`)
  const { problems } = toTfvars(project, [], packages)
  expect(problems.map(({ message }) => message).toSorted()).toEqual([
    'aws-firehose:f names a resource without its account.',
    'http://localhost:9324/000000000000/q is not the address of a queue in AWS.',
  ])
})

test('faults are told with their places, all at once', async () => {
  expect(
    await faultsOf(`clusters: { prod: , My_Cluster: }
aws:
  region: Frankfurt
  prefix: ac-me
  account: 1
  clusters:
    prod:
      memory: 64MB
      timeout: 1500ms
      concurency: 3
      streams: { Logs: }
      buckets: { trail: { retention: 36h } }
      existingQueues: { q: { arn: q } }
`),
  ).toEqual([
    expect.stringMatching(/^3:11 CONFIG_INVALID aws\.region \("Frankfurt"\) is not a region/),
    expect.stringMatching(/^4:11 CONFIG_INVALID aws\.prefix \("ac-me"\) is not a prefix/),
    expect.stringMatching(/^5:12 CONFIG_INVALID .*twelve digits/),
    expect.stringMatching(/^8:15 CONFIG_INVALID .*memory \("64MB"\) is not from 512MB/),
    expect.stringMatching(/^9:16 CONFIG_INVALID .*timeout \("1500ms"\) is not a whole number of seconds/),
    expect.stringMatching(/^10:7 CONFIG_UNKNOWN_NAME There is no option "concurency"/),
    expect.stringMatching(/^11:18 CONFIG_INVALID "Logs" is not a name for AWS/),
    expect.stringMatching(/^12:38 CONFIG_INVALID /),
    expect.stringMatching(/^13:35 CONFIG_INVALID .*q\.arn \("q"\) is not the ARN of a queue/),
  ])
})

test('records are kept by functions that run once at a time, which needs a reserved part of the quota', async () => {
  const yaml = (more: string) =>
    `clusters: { prod: }\naws:\n  region: eu-central-1\n  prefix: acme\n  history: { records: 30d }\n${more}`
  expect(await faultsOf(yaml(''))).toEqual([])
  expect(await faultsOf(yaml('  reserveConcurrency: false\n'))).toEqual([
    expect.stringMatching(/^6:\d+ CONFIG_INVALID aws\.reserveConcurrency is false/),
  ])
})

test('Firehose writes the history where it is chosen: nothing compacts then, and each cluster has a stream for each table', async () => {
  const yaml = (history: string, more = '') =>
    `clusters: { prod: , pci: , office: , lab: }\naws:\n  region: eu-central-1\n  prefix: acme\n  history: ${history}\n${more}`
  const chosen = '{ records: 30d, writer: firehose }'
  expect(await faultsOf(yaml(chosen, '  reserveConcurrency: false\n'))).toEqual([])
  expect(await faultsOf(yaml('{ writer: firehose, compactors: 3 }'))).toEqual([
    expect.stringMatching(/^5:22 CONFIG_INVALID aws\.history\.writer is firehose, but no records are kept/),
    expect.stringMatching(/^5:44 CONFIG_INVALID aws\.history\.compactors is 3, but Firehose makes the tables itself/),
  ])
  expect(await faultsOf(yaml('{ records: 30d, writer: kafka }'))).toEqual([
    expect.stringMatching(/^5:36 CONFIG_INVALID aws\.history\.writer is "kafka"/),
  ])
  const project = await load(yaml(chosen))
  const few = toTfvars(project, schemas.slice(0, 125), packages)
  expect([few.problems, few.variables.history.writer]).toEqual([[], 'firehose'])
  expect(few.variables.packages).toEqual({ ingest: '/i.zip', dispatch: '/d.zip' })
  const { problems } = toTfvars(project, schemas.slice(0, 126), packages)
  expect(problems).toMatchObject([
    { code: 'CONFIG_INVALID', message: expect.stringContaining('would take 504 delivery streams') as string },
  ])
})

test('the bucket of what failed has a name of its own, where there is one', async () => {
  const yaml = (more: string) =>
    `clusters: { prod: }\naws:\n  region: eu-central-1\n  prefix: acme\n  clusters: { prod: { buckets: { failed: }${more} } }\n`
  expect(await faultsOf(yaml(''))).toEqual([])
  expect(await faultsOf(yaml(', logGroups: { app: }'))).toEqual([
    expect.stringMatching(
      /^5:\d+ CONFIG_INVALID aws\.clusters\.prod\.buckets\.failed makes the same bucket as clusters\.prod/,
    ),
  ])
})

test('logs are kept for as long as CloudWatch keeps any', async () => {
  const faults = await faultsOf(
    'clusters: { prod: }\naws: { region: eu-central-1, prefix: acme, logs: { retention: 42d } }\n',
  )
  expect(faults).toEqual([
    expect.stringMatching(/^2:\d+ CONFIG_INVALID .*"42d".* CloudWatch keeps logs for, in days: 1, 3, /),
  ])
})

test('names that would meet, or be too long for AWS, are faults', async () => {
  expect(
    await faultsOf(`clusters: { a: , a-b: , access: , compact: , My_Cluster: , a-cluster-of-16c: }
aws:
  region: eu-central-1
  prefix: abcdefghijklmnopqrst
  clusters:
    prod: {}
    a: { buckets: { b-c: }, streams: { b-c: } }
    a-b: { buckets: { c: }, streams: { c: } }
    access: { buckets: { logs: } }
    a-cluster-of-16c: { buckets: { thirteen-char: } }
`),
  ).toEqual([
    expect.stringMatching(/^1:\d+ CONFIG_INVALID clusters\.compact makes the same role as aws\.prefix/),
    expect.stringMatching(/^1:\d+ CONFIG_INVALID clusters\.My_Cluster cannot be deployed/),
    expect.stringMatching(/^6:5 CONFIG_UNKNOWN_NAME There is no cluster "prod"/),
    expect.stringMatching(
      /^8:\d+ CONFIG_INVALID aws\.clusters\.a-b\.buckets\.c makes the same bucket as aws\.clusters\.a\.buckets\.b-c/,
    ),
    expect.stringMatching(/^8:\d+ CONFIG_INVALID aws\.clusters\.a-b\.streams\.c makes the same stream/),
    expect.stringMatching(
      /^9:\d+ CONFIG_INVALID aws\.clusters\.access\.buckets\.logs makes the same bucket as aws\.prefix/,
    ),
    expect.stringMatching(
      /^10:\d+ CONFIG_INVALID aws\.clusters\.a-cluster-of-16c\.buckets\.thirteen-char makes a bucket of 64 characters/,
    ),
  ])
})
