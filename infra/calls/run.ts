/** The functions at work on servers of a test, so that each does all that it ever does. What they ask is written down by `aws`. */
import { streamalertAlerts } from '../../schemas/streamalert.ts'
import { alertsAsSource } from '../../src/core/alert-records.ts'
import { defineRule } from '../../src/index.ts'
import type { ConfiguredOutput } from '../../src/project/components.ts'
import type { Project } from '../../src/project/index.ts'
import { createCompactHandler } from '../../src/runtimes/aws/compact.ts'
import { createDispatchHandler } from '../../src/runtimes/aws/dispatch.ts'
import { code, common, events, inThisThread, project as sample, within } from '../../src/runtimes/aws/fixture.ts'
import { createIngestHandler } from '../../src/runtimes/aws/ingest.ts'
import type { IngestProject } from '../../src/runtimes/aws/project.ts'
import { firehoseHistory } from '../../src/runtimes/aws/firehose/index.ts'
import { createRequests } from '../../src/runtimes/aws/requests.ts'
import awsSecretsManager from '../../src/secrets/aws-secrets-manager.ts'
import type { WireCall } from '../../src/testing/aws-recorder.ts'
import { openStore, placeOf } from '../../src/runtimes/aws/surroundings.ts'
import { retryEvent } from '../../src/runtimes/aws/retry.ts'
import { failed, lake, ledTo, type RecordedAws, region } from './aws.ts'

const start = Date.parse('2026-03-01T10:00:00Z')
const minute = 60_000
const [schema] = code.schemas
const buckets = ['acme-prod-trail-123456789012', 'old']

/** One rule tells all outputs, now and then; each of the others keeps another kind of state. */
const rulesFor = (outputs: readonly string[]) => {
  const options = { description: 'x.', severity: 'low', schemas: [schema!] } as const
  const quiet = { ...options, outputs: ['aws-sqs:alerts'], match: () => true }
  return [
    defineRule({ ...options, outputs, name: 'each', match: ({ n }) => Number(n) % 10 === 0 }),
    defineRule({ ...quiet, name: 'merged', merge: { by: ['host'], window: '5m' } }),
    defineRule({ ...quiet, name: 'limited', merge: { by: ['host'], window: '5m', limit: 1 } }),
    defineRule({ ...quiet, schemas: [streamalertAlerts], name: 'over-alerts' }),
    defineRule({ ...quiet, name: 'counted', threshold: { count: 3, per: ['host'], window: '5m' } }),
    defineRule({
      ...{ ...quiet, name: 'broken' },
      match({ n }) {
        if (n === 30) throw new Error('broken')
        return false
      },
    }),
  ]
}

const lineOf = (n: number, more: object = {}) =>
  `${JSON.stringify({ at: new Date(start + n * 1000).toISOString(), n, host: `h${n % 2}`, ...more })}\n`

/** All that the two functions of a cluster do: records of every size and kind, redelivery, merging, limits, failures. */
export async function runCluster(
  aws: RecordedAws,
  project: Project,
): Promise<Record<'ingest' | 'dispatch' | 'compact', readonly WireCall[]>> {
  let now = start + 2 * minute
  const around = aws.around(() => now)
  const outputs = project.outputs.filter(({ kind }) => kind.name.startsWith('aws-'))
  const names = outputs.map(({ name }) => name)
  for (const name of [...buckets, lake, failed, 'alerts']) aws.queues.createBucket(name)
  const topic = aws.queues.createTopic('pager', { region }).topicArn
  aws.queues.createQueue('alerts', { region })

  const rates = [['aws-sqs:alerts', { windowMs: minute, perRule: 1, perOutput: 2 }]] as const
  const evaluation = inThisThread({
    ...code,
    schemas: [...code.schemas, streamalertAlerts],
    rules: rulesFor(names),
    sources: [...code.sources, alertsAsSource],
    keepsRecords: true,
  })
  const secretsIn = (part: string) =>
    awsSecretsManager.create(awsSecretsManager.config.parse({ prefix: `acme/${part}/`, ...ledTo(aws.url) }), {
      ...{ ...around, projectDir: '/', stateDir: '/', secret: async (name: string) => name },
    })
  const hooks = project.sources.filter(({ kind }) => kind.name === 'http')
  const sources = [...sample.sources, ...hooks.map(({ kind, ...source }) => ({ ...source, kind: kind.name }))]
  const requests: IngestProject['requests'] = {
    sources: { prod: 'http:hooks' },
    serve: (source, given, host) => createRequests(source, given, { ...host, secrets: secretsIn('ingest') }),
  }
  const fields = Object.fromEntries(code.schemas.map(({ name, fields: declared }) => [name, declared]))
  const byFirehose = project.config.aws?.history.writer === 'firehose'
  const history = byFirehose && { history: firehoseHistory(fields) }
  const ingest = createIngestHandler(
    { ...sample, evaluation, rates, sources, requests, keepsRecords: true, ...history },
    around,
  )
  const give = (event: object) => ingest(event, within(300_000))
  // From here on rules over alerts are told.
  const tellAlerts = () => give({ source: 'streamalert.schedule' })
  await tellAlerts()
  const announced: [id: string, body: string][] = []
  for (const bucket of buckets) {
    for (const [name, body, size] of [
      ['small', lineOf(1, { pad: 'x'.repeat(200_000) }) + lineOf(3) + lineOf(5), undefined],
      ['broken', `${'no json '.repeat(1000)}\nnor this\n`, undefined],
      // Longer than what Firehose takes for one record.
      ...(byFirehose ? [['long', lineOf(9, { pad: 'x'.repeat(1_100_000) }), undefined] as const] : []),
      // Larger than one invocation reads: it hands the object on.
      ['large', lineOf(7), 200_000_000],
    ] as const) {
      const { ETag = '' } = await aws.s3.putObject({ Bucket: bucket, Key: `${name} log`, Body: body })
      announced.push([`${bucket} ${name}`, created(bucket, `${name}+log`, size ?? body.length, ETag)])
    }
    announced.push([`${bucket} gone`, created(bucket, 'gone', 10, '"no-such"')])
    announced.push([`${bucket} version`, created(bucket, 'gone', 10, '"no-such"', 'version-1')])
  }
  const Body = JSON.stringify({ payload: JSON.stringify(events.kinesis([['0', lineOf(11)]])) })
  const { ETag = '' } = await aws.s3.putObject({ Bucket: failed, Key: 'given up', Body })
  announced.push(['given up', created(failed, 'given+up', Body.length, ETag, 'null')])
  announced.push(['given up, gone', created(failed, 'gone', 10, '"no-such"', 'version-1')])
  await give(events.sqs('acme-prod-objects', announced))
  // Again: nothing is new.
  await give(events.sqs('acme-prod-objects', announced))
  await give(events.kinesis([['1', lineOf(30)]]))
  // What EventBridge pushes is a record as it stands.
  await give({ id: 'e-1', 'detail-type': 'Finding', source: 'aws.guardduty', time: new Date(start).toISOString() })
  const taken = aws.calls.length
  const set = await openStore(placeOf(around), common, around).quarantine({ limit: 100, light: true })
  const looked = aws.calls.length
  await give(retryEvent(set.map(({ id }) => id)))

  const secrets = secretsIn('outputs')
  const dispatch = createDispatchHandler(
    {
      ...{ ...common, rates, publishersOfRules: new Map(), sensitive: {} },
      outputs: outputs.map(({ delivery, ...output }) => ({
        ...{ ...output, delivery, publishers: [] },
        options: optionsIn(aws, output, topic),
      })),
    },
    around,
    () => secrets,
  )
  const headers = { authorization: 'Bearer a-token' }
  await give({ requestContext: { http: { method: 'POST' } }, rawPath: '/', headers, body: lineOf(50) })
  await tellAlerts()

  const ingested = aws.calls.length
  await secrets.get('SLACK_URL')
  const send = () => dispatch({ source: 'streamalert.schedule' }, within(120_000))
  await send()
  now += 20 * minute
  await send()
  // Much later an alert comes again: lanes of rules that had none are given up.
  now += 3 * 60 * minute
  const before = aws.calls.length
  await give(events.kinesis([['2', lineOf(40)]]))
  const late = aws.calls.length
  await send()

  // What has no table is set aside; later, files are made of the same hour.
  const sent = aws.calls.length
  // S3 says by its own clock when a segment was written.
  const lateAround = aws.around(() => Date.now() + 10 * minute)
  const compact = (known: typeof fields) => createCompactHandler({ fields: known }, lateAround)({}, within(900_000))
  if (!byFirehose) await compact({})
  const compacted = aws.calls.length
  await give(events.kinesis([['3', lineOf(40)]]))
  const given = aws.calls.length
  if (!byFirehose) await compact(fields)
  // What is asked in a role of somebody else's is not ours to allow.
  const made = (...ranges: readonly (readonly [from: number, to: number])[]) =>
    ranges.flatMap(([from, to]) => aws.calls.slice(from, to)).filter(({ key }) => key !== 'theirs')
  return {
    ingest: made([0, taken], [looked, ingested], [before, late], [compacted, given]),
    dispatch: made([ingested, before], [late, sent]),
    compact: made([sent, compacted], [given, aws.calls.length]),
  }
}

/** Options of an output, led to the servers of the test; their topics lie in an account of theirs. */
function optionsIn(aws: RecordedAws, { kind, options }: Pick<ConfiguredOutput, 'kind' | 'options'>, topic: string) {
  const { assumeRole } = options as { assumeRole?: object }
  return {
    ...(options as object),
    ...ledTo(aws.url),
    ...(kind.name === 'aws-sns' && { topic }),
    ...(assumeRole && { assumeRole: { ...assumeRole, endpoint: aws.url } }),
  }
}

/** A bucket's announcement; buckets of ours keep versions, and tell them. */
const created = (bucket: string, key: string, size: number, eTag: string, versionId?: string) =>
  JSON.stringify({
    Records: [
      {
        ...{ eventName: 'ObjectCreated:Put', eventTime: new Date(start).toISOString() },
        s3: { bucket: { name: bucket }, object: { key, size, eTag: eTag.replaceAll('"', ''), versionId } },
      },
    ],
  })
