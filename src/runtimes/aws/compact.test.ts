import { S3 } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { startFauxqs } from 'fauxqs'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { afterAll, expect, test } from 'vitest'
import { createCompactHandler } from './compact.ts'
import { bucketSegments, compressRows } from './segments.ts'
import type { BucketSurroundings } from './surroundings.ts'

const server = await startFauxqs({ port: 0, logger: false })
const s3 = new S3({
  ...{ endpoint: `http://127.0.0.1:${server.port}`, region: 'us-east-1', forcePathStyle: true },
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  requestHandler: new NodeHttpHandler(),
})
afterAll(async () => {
  s3.destroy()
  await server.stop()
})

const project = { fields: { 'app:events': { n: 'integer' }, 'app:audit': { who: 'string' } } } as const
const minutes = { getRemainingTimeInMillis: () => 900_000 }
let buckets = 0

/** A bucket of its own. `fails`: is asked before each write. */
async function setup(fails: (call: string) => boolean = () => false) {
  const bucket = `lake-${++buckets}`
  await s3.createBucket({ Bucket: bucket })
  const lines: Record<string, unknown>[] = []
  // What was put is no longer new.
  let ahead = 120_000
  const calls: string[] = []
  const failing = new Proxy(s3, {
    get(target, name: keyof S3) {
      const method = target[name] as (input: { Key?: string }) => Promise<unknown>
      return async (input: { Key?: string }) => {
        if (name === 'putObject' || name === 'deleteObjects') {
          const call = `${name} ${input.Key ?? ''}`
          if (fails(call)) throw new Error('crash')
          calls.push(call)
        }
        return method.call(target, input)
      }
    },
  })
  const around: BucketSurroundings = {
    env: { STREAMALERT_LAKE: bucket, STREAMALERT_PREFIX: 'acme' },
    now: () => Date.now() + ahead,
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    s3: () => failing,
  }
  const segments = bucketSegments(s3, bucket)
  const get = async (Key: string) =>
    (await (await s3.getObject({ Bucket: bucket, Key })).Body!.transformToByteArray()) as Uint8Array<ArrayBuffer>
  const keys = async (Prefix = '') =>
    ((await s3.listObjectsV2({ Bucket: bucket, Prefix })).Contents ?? []).map(({ Key }) => Key!)
  return {
    ...{ bucket, lines, calls, get, keys },
    /** Until the time of every invocation is over. */
    wait: () => void (ahead += 1_200_000),
    run: (invocation = minutes, event: object = {}) => createCompactHandler(project, around)(event, invocation),
    put: (rows: readonly object[], cluster = 'prod', hour = '2026-03-01-10') =>
      segments.put({ cluster, hour, bytes: compressRows(Buffer.from(text(rows))) }),
    /** `table cluster hour id n`, of all files. */
    async rows() {
      const files = await keys('records/')
      const found = await Promise.all(
        files.map(async (key) => {
          const [, table, cluster, dt] = key.split('/')
          const rows = await parquetReadObjects({ file: (await get(key)).buffer, compressors })
          return rows.map((row) => [table, cluster, dt, row['streamalert_id'], row['n'] ?? row['who']].join(' '))
        }),
      )
      return found.flat().toSorted()
    },
  }
}

const text = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const row = (n: number, schema = 'app:events') => ({
  ...{ id: `id${n}`, schema, source: 'aws-s3:logs', cluster: 'prod', position: `o#${n}`, receivedAt: 1, time: 1 },
  data: schema === 'app:audit' ? { who: `w${n}` } : { n },
})

test('segments become one file for each log type, cluster and hour; each record is there once', async () => {
  const { put, run, rows, keys, lines } = await setup()
  await put([row(1), row(2), row(3, 'app:audit')])
  await put([row(2), row(4)])
  await put([row(5)], 'prod', '2026-03-01-11')
  await put([row(1)], 'pci')
  await run()
  const expected = [
    'app_audit cluster=prod dt=2026-03-01-10 id3 w3',
    'app_events cluster=pci dt=2026-03-01-10 id1 1',
    'app_events cluster=prod dt=2026-03-01-10 id1 1',
    'app_events cluster=prod dt=2026-03-01-10 id2 2',
    'app_events cluster=prod dt=2026-03-01-10 id4 4',
    'app_events cluster=prod dt=2026-03-01-11 id5 5',
  ]
  expect(await rows()).toEqual(expected)
  expect(await keys('records/')).toHaveLength(4)
  expect(await keys('segments/')).toEqual([])
  expect(await keys('compact/open/')).toEqual([])
  const counted = lines.map(({ Cluster, Compacted, SetAside, Behind }) => [Cluster, Compacted, SetAside, Behind])
  expect(counted).toEqual([
    ['pci', 1, 0, undefined],
    ['prod', 4, 0, undefined],
    ['prod', 1, 0, undefined],
    ['pci', undefined, undefined, 0],
    ['prod', undefined, undefined, 0],
  ])
  // Sent again after all was done: known by its name, and nothing is there twice.
  await put([row(2), row(4)])
  await run()
  expect(await rows()).toEqual(expected)
  expect(await keys('segments/')).toEqual([])
})

test('a crash before or after any step loses no row and doubles none', async () => {
  const whole = await setup()
  const fill = async ({ put }: Pick<typeof whole, 'put'>) => {
    await put([row(1), row(3, 'app:audit')])
    await put([row(2), row(1)])
  }
  await fill(whole)
  await whole.run()
  const expected = await whole.rows()
  const files = await whole.keys('records/')
  const calls = whole.calls.map((call) => call.replace(/[0-9a-f]{32}|\d{13}-[0-9a-f-]{36}/, 'ID'))
  expect(calls).toEqual([
    'putObject compact/running/0/ID',
    'putObject compact/open/ID.json',
    'putObject records/app_events/cluster=prod/dt=2026-03-01-10/ID.parquet',
    'putObject records/app_audit/cluster=prod/dt=2026-03-01-10/ID.parquet',
    'putObject compact/done/prod/2026-03-01-10/ID.json',
    ...Array<string>(3).fill('deleteObjects '),
  ])
  for (const step of calls.keys()) {
    let left = step
    const broken = await setup(() => left-- <= 0)
    await fill(broken)
    await expect(broken.run()).rejects.toThrow('crash')
    // What comes meanwhile goes its own way.
    await broken.put([row(9)])
    left = Number.POSITIVE_INFINITY
    broken.wait()
    await broken.run()
    const others = (await broken.keys('records/')).filter((key) => !files.includes(key))
    const row9 = 'app_events cluster=prod dt=2026-03-01-10 id9 9'
    // Before the plan was written down, all segments become one file.
    expect([step, others.length, await broken.rows()]).toEqual([step, step < 2 ? 2 : 1, [...expected, row9].toSorted()])
    expect(await broken.keys('segments/')).toEqual([])
    expect(await broken.keys('compact/open/')).toEqual([])
    expect(await broken.keys('compact/running/')).toEqual([])
  }
})

test('two invocations of one part never work at the same time', async () => {
  const { put, run, rows, keys, lines, wait, bucket } = await setup()
  await put([row(1), row(2)])
  await Promise.all([run(), run(), run()])
  await run()
  expect(await rows()).toHaveLength(2)
  expect(lines.some(({ code }) => code === 'STORE_BUSY')).toBe(true)
  // One that was killed counts until its time is over.
  await s3.putObject({ Bucket: bucket, Key: `compact/running/0/${Date.now() + 900_000}-x`, Body: 'x' })
  await put([row(3)])
  await run()
  expect(await rows()).toHaveLength(2)
  wait()
  await run()
  expect(await rows()).toHaveLength(3)
  expect(await keys('compact/running/')).toEqual([])
})

test('what is damaged, or has no table, is set aside and told; neighbours are not held up', async () => {
  const { put, run, rows, keys, get, lines, bucket } = await setup()
  await put([row(1), row(2, 'gone:type'), { what: 'ever' }])
  const whole = Buffer.from(compressRows(Buffer.from(text([row(3)]))))
  whole[whole.length - 1]! ^= 1
  for (const [name, Body] of Object.entries({ flipped: whole, cut: whole.subarray(0, 20), empty: Buffer.alloc(0) }))
    await s3.putObject({ Bucket: bucket, Key: `segments/prod/2026-03-01-10/${name}.ndjson.zst`, Body })
  await put([row(4)], 'pci')
  await run()
  expect(await rows()).toEqual([
    'app_events cluster=pci dt=2026-03-01-10 id4 4',
    'app_events cluster=prod dt=2026-03-01-10 id1 1',
  ])
  const aside = await keys('aside/')
  expect(aside.map((key) => key.replace(/[0-9a-f]{32}/, 'ID'))).toEqual([
    'aside/prod/2026-03-01-10/ID-cut.ndjson.zst',
    'aside/prod/2026-03-01-10/ID-flipped.ndjson.zst',
    'aside/prod/2026-03-01-10/ID.ndjson.zst',
  ])
  expect(Buffer.from(await get(aside[1]!)).equals(whole)).toBe(true)
  expect(lines).toContainEqual(expect.objectContaining({ Cluster: 'prod', Compacted: 1, SetAside: 3 }))
  const told = lines.find(({ code }) => code === 'BODY_DAMAGED')
  expect(told).toMatchObject({
    level: 'error',
    damaged: [expect.stringMatching(/^flipped.*: .*checksum/), expect.stringMatching(/^cut.*: .*ends too early/)],
  })
  // The way back: a deployment that knows the log type again takes what was set aside.
  const [rest] = aside.slice(2)
  await s3.putObject({ Bucket: bucket, Key: rest!.replace('aside/', 'segments/'), Body: await get(rest!) })
  await run()
  expect(await keys('segments/')).toEqual([])
})

test('a cluster whose files cannot be written holds up no other, and the failure is told', async () => {
  const { put, run, rows, lines } = await setup((call) => call.includes('cluster=bad'))
  await put([row(1)], 'bad')
  await put([row(2)], 'prod')
  await expect(run()).rejects.toThrow('crash')
  await expect(run()).rejects.toThrow('crash')
  expect(await rows()).toEqual(['app_events cluster=prod dt=2026-03-01-10 id2 2'])
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2)
  expect(lines.filter(({ Behind }) => Behind === 1).map(({ Cluster }) => Cluster)).toEqual(['bad', 'bad'])
})

test('stops in time, and goes on the next time', async () => {
  const { put, run, rows, keys, lines, calls } = await setup()
  for (const n of [1, 2, 3]) await put([row(n)], 'prod', `2026-03-01-1${n}`)
  const isWritten = () => calls.some((call) => call.includes('records/'))
  await run({ getRemainingTimeInMillis: () => (isWritten() ? 0 : 900_000) })
  expect(await rows()).toHaveLength(1)
  expect(lines).toContainEqual(expect.objectContaining({ Cluster: 'prod', Behind: 1 }))
  await run()
  expect(await rows()).toHaveLength(3)
  expect(await keys('segments/')).toEqual([])
})

test('several invocations share the segments by name, and none touches a plan of another', async () => {
  let isBroken = false
  const { put, run, rows, keys } = await setup((call) => isBroken && call.includes('compact/done'))
  const shares = [0, 1].map((part) => () => run(minutes, { part, parts: 2 }))
  for (let n = 0; n < 8; n++) await put([row(n)])
  isBroken = true
  await expect(shares[0]!()).rejects.toThrow('crash')
  isBroken = false
  const [began] = await keys('records/')
  await shares[1]!()
  expect((await keys('compact/open/')).length).toBe(1)
  await Promise.all(shares.map((one) => one()))
  expect(await rows()).toHaveLength(8)
  expect(await keys('records/')).toEqual(expect.arrayContaining([began]))
  expect(await keys('records/')).toHaveLength(2)
  expect(await keys('segments/')).toEqual([])
})
