import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { S3 } from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { createApp } from '../../core/app.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { kinesisDeliveries } from '../../sources/aws-kinesis/deliveries.ts'
import { createMemoryStore } from '../../stores/memory.ts'
import { linesIn } from './compact/rows.ts'
import { code, common, events, inThisThread, line, project, startAws, within } from './fixture.ts'
import { createIngestHandler } from './ingest.ts'
import { openStore, placeOf, type Surroundings } from './surroundings.ts'

const aws = await startAws()
afterAll(() => aws.close())

const storeOf = (around: Surroundings) => openStore(placeOf(around), common, around)
const raised = async (around: Surroundings) =>
  (await storeOf(around).alertsAfter(0, 100)).alerts
    .map(({ rule, record }) => `${rule} ${record.source} ${Number(record.data['n'])}`)
    .sort()
const minutes = within(300_000)
const none = { batchItemFailures: [] }

test('the same records give the same alerts here and embedded', async () => {
  const around = await aws.surroundings()
  const bodies = [1, 2, 3, 4, 5].map((n) => [String(1000 + n), line(n)] as const)
  const handler = createIngestHandler(project, around)
  expect(await handler(events.kinesis(bodies), minutes)).toEqual(none)
  // Redelivery, in other batches.
  expect(await handler(events.kinesis(bodies.slice(2)), minutes)).toEqual(none)
  const onAws = storeOf(around)
  await onAws.closeWindows({ now: around.now(), latenessMs: 0, all: true })

  const memory = createMemoryStore()
  const host = { env: {}, log() {}, modes: () => ({ staged: new Set<string>(), promoted: new Set<string>() }) }
  const { evaluate, framings } = await project.evaluation(host)
  const app = createApp(
    {
      ...{
        store: memory,
        evaluator: { evaluate },
        framings,
        decoders,
        outputs: new Map(),
        now: around.now,
        random: () => 0,
        log() {},
      },
      clusters: new Map([['aws-kinesis:logs', 'prod']]),
      hash: (text) => hash('sha256', text, 'hex'),
    },
    { ...common.limits, concurrency: 1 },
  )
  const deliveriesOf = kinesisDeliveries(
    { stream: 'acme-prod-logs', unwrap: false },
    { name: 'aws-kinesis:logs', now: around.now },
  )
  const deliveries: Delivery[] = bodies.flatMap(([sequence, body]) =>
    deliveriesOf(
      {
        ...{ SequenceNumber: sequence, Data: Buffer.from(body) },
        ApproximateArrivalTimestamp: new Date('2026-03-01T10:00:30Z'),
      },
      'shardId-000000000000',
    ),
  )
  await app.ingest(deliveries)
  await memory.closeWindows({ now: around.now(), latenessMs: 0, all: true })
  const all = async (store: typeof memory) =>
    (await store.alertsAfter(0, 100)).alerts.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  expect(await all(onAws)).toEqual(await all(memory))
  expect(await all(memory)).toHaveLength(7)
})

test('objects that a queue announces are read; what cannot be read comes again, and nothing else', async () => {
  const lines: string[] = []
  const around = await aws.surroundings(lines)
  const handler = createIngestHandler(project, around)
  const body = gzipSync(line(1) + line(2) + 'not json\n')
  const { ETag = '' } = await aws.s3.putObject({ Bucket: 'acme-logs', Key: 'a b.gz', Body: body })
  const announced = (key: string, bucket = 'acme-logs') =>
    events.created(key, body.length, ETag.replaceAll('"', '')).replace('acme-logs', bucket)
  const event = events.sqs('acme-prod-objects', [
    ['m1', announced('a+b.gz')],
    ['m2', announced('there.gz', 'no-such-bucket')],
    ['m3', announced('left.skip')],
    ['m4', 'no announcement'],
    ['m5', announced('gone.gz')],
  ])
  expect(await handler(event, minutes)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] })
  expect(await raised(around)).toEqual(['many aws-s3:logs 1', 'many aws-s3:logs 2', 'odd aws-s3:logs 1'])
  expect(await storeOf(around).quarantine({ limit: 9 })).toHaveLength(2)
  expect(await storeOf(around).counts('dropped')).toMatchObject([{ labels: { source: 'aws-s3:logs' }, n: 1 }])
  const metrics = lines.map((text) => JSON.parse(text) as Record<string, unknown>).filter((one) => '_aws' in one)
  expect(metrics).toMatchObject([{ Deployment: 'acme', Cluster: 'prod', Records: 2, Alerts: 3, Quarantined: 2 }])
})

test('what is not begun before the time is short is handed back', async () => {
  const around = await aws.surroundings()
  const handler = createIngestHandler(project, around)
  let left = 100_000
  const invocation = { getRemainingTimeInMillis: () => (left -= 1) }
  const first = events.kinesis([
    ['12', line(1)],
    ['11', line(2)],
  ])
  left = 2
  const shrinking = { getRemainingTimeInMillis: () => (left > 0 ? (left -= 1) + 40 : 5) }
  expect(await handler(first, shrinking)).toEqual({ batchItemFailures: [{ itemIdentifier: '11' }] })
  expect(await raised(around)).toEqual([])
  left = 100_000
  expect(await handler(first, invocation)).toEqual(none)
  expect(await raised(around)).toHaveLength(3)
})

test('takes what topics, buses, log groups, queues and requests push', async () => {
  const around = await aws.surroundings()
  const handler = createIngestHandler(project, around)
  const sns = {
    Type: 'Notification',
    MessageId: 's1',
    TopicArn: 'arn:aws:sns:eu-west-1:1:topic',
    Message: line(1),
    Timestamp: '2026-03-01T10:00:30Z',
  }
  expect(await handler({ Records: [{ EventSource: 'aws:sns', Sns: sns }] }, minutes)).toBeUndefined()
  // The same notification by way of a queue is known by its own id.
  await handler(
    events.sqs('app', [
      ['q1', JSON.stringify(sns)],
      ['q2', line(3)],
    ]),
    minutes,
  )
  const data = gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: 'g', logEvents: [] })).toString(
    'base64',
  )
  await handler({ awslogs: { data } }, minutes)
  await handler({ id: 'e1', 'detail-type': 'Thing', source: 'acme', time: '2026-03-01T10:00:30Z', detail: {} }, minutes)
  const context = {
    http: { method: 'POST' },
    requestId: 'r1',
    timeEpoch: Date.parse('2026-03-01T10:00:30Z'),
    authorizer: { iam: {} },
  }
  const request = {
    requestContext: context,
    rawPath: '/',
    headers: {},
    body: line(5) + line(6),
    isBase64Encoded: false,
  }
  expect(await handler(request, minutes)).toMatchObject({ statusCode: 200 })
  expect(await handler({ ...request, body: '' }, minutes)).toMatchObject({ statusCode: 400 })
  const unknown = { ...request, requestContext: { ...context, authorizer: null } }
  expect(await handler(unknown, minutes)).toMatchObject({ statusCode: 403 })
  await expect(handler({ what: 'ever' }, minutes)).rejects.toMatchObject({ code: 'SOURCE_FAILED' })
  const odd = (await raised(around)).filter((one) => one.startsWith('odd'))
  expect(odd).toEqual(['odd aws-sqs:app 1', 'odd aws-sqs:app 3', 'odd lambda:sns 1', 'odd lambda:url 5'])
})

test('what Lambda gave up is read from its bucket, as what it was at first: nothing of it is new where it was taken before', async () => {
  const lines: string[] = []
  const given = await aws.surroundings(lines)
  const around = { ...given, env: { ...given.env, STREAMALERT_FAILED: 'acme-failed' } }
  await aws.s3.createBucket({ Bucket: 'acme-failed' })
  const handler = createIngestHandler(project, around)
  const batch = events.kinesis([
    ['31', line(1)],
    ['32', '{"at":"2026-03-01T10:00:00Z"}'],
    ['33', line(3)],
  ])
  const pushed = { id: 'e-1', 'detail-type': 'x', source: 'app', time: '2026-03-01T10:00:00Z', detail: {} }
  const failed = { 'shard.skip': { payload: JSON.stringify(batch) }, async: { requestPayload: pushed }, other: {} }
  const messages = await Promise.all(
    Object.entries(failed).map(async ([key, record], n) => {
      const Body = JSON.stringify({ version: '1.0', ...record })
      const { ETag = '' } = await aws.s3.putObject({ Bucket: 'acme-failed', Key: key, Body })
      const announced = events.created(key, Body.length, ETag.replaceAll('"', ''))
      return [`m${n}`, announced.replace('acme-logs', 'acme-failed')] as const
    }),
  )
  const gone = ['m9', events.created('gone', 10, 'x').replace('acme-logs', 'acme-failed')] as const
  const announced = events.sqs('acme-prod-objects', [...messages, gone])
  // What is no such record comes again, and so goes to the queue of what failed.
  const other = { batchItemFailures: [{ itemIdentifier: 'm2' }] }
  expect(await handler(announced, minutes)).toEqual(other)
  expect(lines.join()).toContain('no record of what Lambda gave up')
  const all = ['many aws-kinesis:logs 1', 'odd aws-kinesis:logs 1', 'odd aws-kinesis:logs 3']
  expect(await raised(around)).toEqual(all)
  const kept = await storeOf(around).quarantine({ limit: 10 })
  expect(kept.map(({ source }) => source).toSorted()).toEqual(['aws-kinesis:logs', 'lambda:eventbridge'])
  // Once more, and by the stream itself.
  expect(await handler(announced, minutes)).toEqual(other)
  expect(await handler(batch, minutes)).toEqual(none)
  expect(await raised(around)).toEqual(all)
  expect(await storeOf(around).quarantine({ limit: 10 })).toHaveLength(2)
})

test('with a history, records are a segment before anything is answered; a put that fails brings the batch again', async () => {
  const given = await aws.surroundings()
  let broken = true
  const s3 = new Proxy(aws.s3, {
    get: (client, name) =>
      name === 'putObject' && broken ? async () => Promise.reject(new Error('no')) : client[name as keyof S3],
  })
  const around = { ...given, env: { ...given.env, STREAMALERT_LAKE: 'acme-history' }, s3: () => s3 }
  await aws.s3.createBucket({ Bucket: 'acme-history' })
  const evaluation = inThisThread({ ...code, keepsRecords: true })
  const handler = createIngestHandler({ ...project, keepsRecords: true, evaluation }, around)
  const batch = events.kinesis([
    ['21', line(1)],
    ['22', line(200)],
  ])
  const keys = async () =>
    ((await aws.s3.listObjectsV2({ Bucket: 'acme-history' })).Contents ?? []).map(({ Key }) => Key!)
  expect(await handler(batch, minutes)).toEqual({ batchItemFailures: [{ itemIdentifier: '21' }] })
  expect(await keys()).toEqual([])
  // Alerts do not wait for history.
  expect(await raised(around)).toHaveLength(2)
  broken = false
  expect(await handler(batch, minutes)).toEqual(none)
  expect(await handler(batch, minutes)).toEqual(none)
  expect(await raised(around)).toHaveLength(2)
  const [key, ...others] = await keys()
  expect([key, others]).toEqual([
    expect.stringMatching(/^segments\/prod\/2026-03-01-10\/[0-9a-f]{32}\.ndjson\.zst$/),
    [],
  ])
  const { Body } = await aws.s3.getObject({ Bucket: 'acme-history', Key: key! })
  const rows = [...linesIn(await Body!.transformToByteArray()).lines].map(({ record }) => record)
  expect(rows).toMatchObject([
    { schema: 'app:events', source: 'aws-kinesis:logs', cluster: 'prod', data: { n: 1, host: 'h1' } },
    { receivedAt: Date.parse('2026-03-01T10:00:30Z'), time: Date.parse('2026-03-01T10:00:00Z'), data: { n: 200 } },
  ])
  const [alert] = (await storeOf(around).alertsAfter(0, 1)).alerts
  expect(rows[0]?.id).toBe(alert?.record.id)
})
