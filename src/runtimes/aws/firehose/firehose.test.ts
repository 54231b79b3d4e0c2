import { Firehose } from '@aws-sdk/client-firehose'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterAll, expect, test } from 'vitest'
import { type AwsFault, startAwsServer } from '../../../testing/aws-json-server.ts'
import { linesIn } from '../compact/rows.ts'
import { code, common, events, inThisThread, line, project, startAws, within } from '../fixture.ts'
import { createIngestHandler } from '../ingest.ts'
import { compressRows } from '../segments.ts'
import { openStore, placeOf, type Surroundings } from '../surroundings.ts'
import { firehoseHistory } from './index.ts'
import { send } from './send.ts'

interface Input {
  readonly DeliveryStreamName: string
  readonly Records: readonly { readonly Data: string }[]
}
type Entry = { readonly ErrorCode?: string; readonly ErrorMessage?: string; readonly RecordId?: string }

const aws = await startAws()
/** What the service says of each record of a call. */
let answer: (input: Input) => readonly Entry[] = () => []
const taken: { readonly stream: string; readonly records: readonly Buffer[] }[] = []
const server = await startAwsServer({
  PutRecordBatch(input: Input) {
    const entries = answer(input)
    const records = input.Records.map(({ Data }) => Buffer.from(Data, 'base64'))
    const RequestResponses = records.map((_, n) => entries[n] ?? { RecordId: String(n) })
    const isTaken = (n: number) => RequestResponses[n]!.ErrorCode === undefined
    taken.push({ stream: input.DeliveryStreamName, records: records.filter((_, n) => isTaken(n)) })
    return { FailedPutCount: records.filter((_, n) => !isTaken(n)).length, RequestResponses }
  },
})
const client = new Firehose({
  ...{ endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
  ...{ requestHandler: new NodeHttpHandler(), maxAttempts: 1 },
})
afterAll(async () => {
  client.destroy()
  await server[Symbol.asyncDispose]()
  await aws.close()
})

/** Forgets what was taken. */
function reset(next: typeof answer = () => []): void {
  taken.length = 0
  answer = next
}
const rowsIn = (records: readonly Buffer[]) =>
  records.flatMap((bytes) => bytes.toString().trimEnd().split('\n')).map((row) => JSON.parse(row) as { n?: number })
const rows = (stream = 'acme-prod.app_events') =>
  taken.filter((call) => call.stream === stream).flatMap(({ records }) => rowsIn(records))

const surroundings = async (lines: string[] = []): Promise<Surroundings> => ({
  ...(await aws.surroundings(lines)),
  firehose: async () => client,
})
const open = firehoseHistory({ 'app:events': { n: 'integer', pad: 'string' }, 'app:audit': { who: 'string' } })
const logRecord = (n: number, pad = '', schema = 'app:events') => ({
  ...{ id: `id${n}`, schema, source: 'aws-s3:logs', cluster: 'prod', position: `o#${n}`, receivedAt: 1, time: 1 },
  data: schema === 'app:audit' ? { who: `w${n}` } : { n, pad },
})
const hour = '2026-03-01-10'
const segmentOf = (records: readonly object[]) => ({
  ...{ cluster: 'prod', hour },
  bytes: compressRows(Buffer.from(records.map((one) => `${JSON.stringify(one)}\n`).join(''))),
})
const portOf = (around: Surroundings) =>
  open({ place: placeOf(around), around, log: (one) => around.write(JSON.stringify(one)), timeLeftMs: () => 60_000 })
const throttled = { type: 'ServiceUnavailableException', status: 503 } satisfies AwsFault

test('rows go to the stream of their table, within the limits of the service; what no stream takes is set aside', async () => {
  reset()
  const lines: string[] = []
  const around = await surroundings(lines)
  const large = Array.from({ length: 12 }, (_, n) => logRecord(n, 'x'.repeat(700_000)))
  const small = Array.from({ length: 1_200 }, (_, n) => logRecord(100 + n))
  const odd = [logRecord(5_000, 'x'.repeat(1_030_000)), logRecord(5_001, '', 'gone:type')]
  const [audit, again] = [logRecord(5_002, '', 'app:audit'), small[0]!]
  await portOf(around).put(segmentOf([...large, odd[0]!, ...small, audit, odd[1]!, again]))

  const given = rows()
  const numbers = given.map(({ n = -1 }) => n).toSorted((one, other) => one - other)
  expect(numbers).toEqual([...large, ...small].map(({ data }) => ('n' in data ? data.n : -1)))
  const row = { dt: hour, streamalert_id: 'id100', streamalert_source: 'aws-s3:logs', n: 100, pad: '' }
  expect(given).toContainEqual({ ...row, streamalert_time: '1970-01-01T00:00:00.001Z' })
  expect(rows('acme-prod.app_audit')).toMatchObject([{ who: 'w5002' }])
  for (const { records } of taken) {
    expect(records.length).toBeLessThanOrEqual(500)
    expect(records.reduce((sum, { length }) => sum + Math.ceil(length / 3) * 4, 0)).toBeLessThanOrEqual(4 * 1_048_576)
    for (const one of records) expect([one.length <= 1_024_000, rowsIn([one]).length <= 500]).toEqual([true, true])
  }
  // Twelve of some 700 KB, and 1,200 small ones in three: each is billed as a multiple of 5 KB.
  expect(taken.flatMap(({ records }) => records).length).toBeLessThanOrEqual(17)

  const { Contents = [] } = await aws.s3.listObjectsV2({ Bucket: 'acme-lake', Prefix: 'aside/prod/' })
  expect(Contents.map(({ Key }) => Key)).toEqual([expect.stringMatching(/^aside\/prod\/2026-03-01-10\/\w{32}\.ndjson/)])
  const { Body } = await aws.s3.getObject({ Bucket: 'acme-lake', Key: Contents[0]!.Key })
  const left = linesIn(await Body!.transformToByteArray())
  expect([...left.lines].map(({ record }) => record?.id)).toEqual(['id5000', 'id5001'])
  expect(lines.map((text) => JSON.parse(text) as object)).toMatchObject([
    { Cluster: 'prod', SetAside: 2 },
    { level: 'error', code: 'RECORD_TOO_LONG', message: expect.stringContaining(`aside/prod/${hour}/`) as string },
  ])
})

test('of a call that was taken in part, only the rest is sent again, until all is there', async () => {
  let calls = 0
  reset(({ Records }) => {
    calls++
    if (calls === 2) throw throttled
    const refused: Entry = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' }
    return calls === 1 ? Records.map((_, n) => (n === 1 ? refused : { RecordId: 'x' })) : []
  })
  const records = ['a\n', 'b\n', 'c\n'].map((text) => Buffer.from(text))
  const waits: number[] = []
  const pause = async (ms: number) => void waits.push(ms)
  const means = { firehose: client, timeLeftMs: () => 60_000, pause, random: () => 1 }
  await send({ stream: 'acme-prod.app_events', records }, means)
  expect(taken.map((call) => call.records.map(String))).toEqual([['a\n', 'c\n'], ['b\n']])
  expect(waits).toEqual([100, 200])
})

test('what is never taken is a failure, at once where the time is short or nothing will change', async () => {
  const sent = async (timeLeft: number) => {
    const waits: number[] = []
    const pause = async (ms: number) => void waits.push(ms)
    const means = { firehose: client, timeLeftMs: () => timeLeft, pause, random: () => 0 }
    const call = { stream: 'acme-prod.app_events', records: [Buffer.from('a\n')] }
    const message = await send(call, means).then(
      () => 'sent',
      ({ code: coded, message: text }: { code: string; message: string }) => `${coded} ${text}`,
    )
    return [message, waits]
  }
  reset(() => [{ ErrorCode: 'InternalFailure' }])
  const partly = 'STORE_FAILED acme-prod.app_events did not take 1 of 1 records: InternalFailure'
  expect(await sent(60_000)).toEqual([partly, [50, 100, 200, 400, 800, 1_600, 3_200]])
  expect(await sent(5_000)).toEqual([partly, []])
  reset(() => {
    throw { type: 'ResourceNotFoundException', message: 'There is no such stream.' } satisfies AwsFault
  })
  expect(await sent(60_000)).toEqual([expect.stringMatching(/^STORE_FAILED .*There is no such stream/), []])
})

test('a delivery comes again when its records could not be handed on; its alerts are stored all the same, and once', async () => {
  reset(() => {
    throw { type: 'AccessDeniedException', message: 'Not allowed.' } satisfies AwsFault
  })
  const around = await surroundings()
  const evaluation = inThisThread({ ...code, keepsRecords: true })
  const history = firehoseHistory({ 'app:events': { at: 'timestamp', n: 'integer', host: 'string' } })
  const handler = createIngestHandler({ ...project, keepsRecords: true, evaluation, history }, around)
  const event = events.kinesis([
    ['1', line(1)],
    ['2', line(2)],
  ])
  const raised = async () => (await openStore(placeOf(around), common, around).alertsAfter(0, 100)).alerts.length
  // A stream goes on from the first that failed.
  expect(await handler(event, within(300_000))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
  const before = await raised()
  expect([before > 0, rows()]).toEqual([true, []])
  reset()
  expect(await handler(event, within(300_000))).toEqual({ batchItemFailures: [] })
  expect(rows().map(({ n }) => n)).toEqual([1, 2])
  expect(await raised()).toBe(before)
})
