import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toTfvars } from '../src/project/aws/index.ts'
import { bundleProject } from '../src/project/bundle/index.ts'
import { loadProject } from '../src/project/index.ts'
import { code, events } from '../src/runtimes/aws/fixture.ts'
import { type LocalFunction, startFunction } from '../src/testing/lambda/index.ts'
import { lake, type RecordedAws, region, startRecordedAws } from './calls/aws.ts'
import { judge } from './calls/judge.ts'
import { foreignKeys, recordedProject } from './calls/project.ts'
import { applied, type Shown } from './offline/state.ts'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

/** Half a minute long, for packages are built and deployed: `STREAMALERT_AWS=1 npx vitest run infra/functions.test.ts`. */
const isAsked = process.env['STREAMALERT_AWS'] === '1' && hasTerraform()

const bucket = 'acme-prod-trail-123456789012'
const began = Date.UTC(2026, 2, 1, 10)
const line = (n: number) => `${JSON.stringify({ at: new Date(began + n).toISOString(), n, host: 'h' })}\n`

describe.runIf(isAsked)('packages, as Lambda runs them', { timeout: 120_000 }, () => {
  let terraform: OfflineTerraform
  let shown: readonly Shown[]
  let packages: Readonly<Record<string, string>>
  let aws: RecordedAws
  beforeAll(async () => {
    const dir = recordedProject()
    const project = await loadProject(dir)
    packages = { ...(await bundleProject(project, join(dir, 'build'))) }
    terraform = await startOffline()
    const zip = join(terraform.dir, 'function.zip')
    writeFileSync(zip, 'a zip')
    const { variables } = toTfvars(project, code.schemas, {
      ...{ ingest: packages['ingest']!, dispatch: packages['dispatch']!, compact: zip, api: zip },
      ...packages,
    })
    writeFileSync(join(terraform.dir, 'streamalert.auto.tfvars.json'), JSON.stringify(variables))
    shown = await applied(terraform)
    aws = await startRecordedAws()
    for (const name of [bucket, lake]) aws.queues.createBucket(name)
  }, 180_000)
  afterAll(async () => {
    await terraform[Symbol.asyncDispose]()
    await aws[Symbol.asyncDispose]()
  })

  /** A function of the cluster `prod`, or the api, as it is declared. */
  function start(part: string, change: (environment: Record<string, string>) => void = () => {}) {
    const name = part === 'api' || part === 'compact' ? `acme-${part}` : `acme-prod-${part}`
    const { values } = shown.find(
      ({ type, values: of }) => type === 'aws_lambda_function' && of['function_name'] === name,
    )!
    const [{ variables }] = values['environment'] as [{ variables: Record<string, string> }]
    const environment = { ...variables }
    change(environment)
    return startFunction({
      ...{ name, region, environment, zip: packages[part]!, handler: String(values['handler']) },
      endpoints: { AWS_ENDPOINT_URL: aws.url },
    })
  }

  async function announced(key: string, body: string, place = bucket) {
    const { ETag = '' } = await aws.s3.putObject({ Bucket: bucket, Key: key, Body: body })
    return events.created(key, body.length, ETag.replaceAll('"', '')).replace('acme-logs', place)
  }

  /** Every line of a log is JSON. */
  const linesOf = (one: LocalFunction) => one.log().map((text) => JSON.parse(text) as Record<string, unknown>)
  const told = () =>
    aws.hooked
      .map(({ input }) => input as { rule: string; record: { n: number } })
      .map(({ rule, record }) => `${rule} ${record.n}`)

  test('what is announced is read, what cannot be read comes again, and alerts are sent once by whoever is woken', async () => {
    await using ingest = await start('ingest')
    const minute = { source: 'streamalert.schedule' }
    expect(await ingest.invoke(minute)).toEqual({ result: null })
    const objects = events.sqs('acme-prod-objects', [
      ['m1', await announced('a.log', line(1) + line(2))],
      ['m2', await announced('b.log', line(3), 'nobody-s')],
    ])
    expect(await ingest.invoke(objects)).toEqual({ result: { batchItemFailures: [{ itemIdentifier: 'm2' }] } })
    // Those that failed are announced again, and all else as well: nothing is new but them.
    aws.queues.createBucket('nobody-s')
    await aws.s3.putObject({ Bucket: 'nobody-s', Key: 'b.log', Body: line(3) })
    expect(await ingest.invoke(objects)).toEqual({ result: { batchItemFailures: [] } })
    expect(
      await ingest.invoke(
        events.kinesis([
          ['1', line(500)],
          ['2', line(501)],
        ]),
      ),
    ).toEqual({ result: { batchItemFailures: [] } })
    // Rules over alerts are told what was raised.
    expect(await ingest.invoke(minute)).toEqual({ result: null })
    expect(linesOf(ingest).filter((one) => '_aws' in one).length).toBeGreaterThan(2)
    expect(await ingest.invoke({ what: 'ever' })).toMatchObject({
      error: { errorMessage: expect.stringContaining('no kind') as string },
    })

    await using first = await start('dispatch')
    await using second = await start('dispatch')
    // https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    const change = { eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb: { Keys: { sk: { S: 'delivery#' } } } }
    const woken = [first.invoke({ Records: [change] }), second.invoke(minute)]
    expect(await Promise.all(woken)).toEqual([{ result: null }, { result: null }])
    expect(told().toSorted()).toEqual([
      ...['merged 1', 'odd 1', 'odd 3', 'odd 501'],
      ...Array<string>(3).fill('over-alerts undefined'),
    ])
    // Publishers see nothing of the function's environment.
    expect(aws.hooked.map(({ input }) => (input as { seen: string }).seen)).toEqual(Array(7).fill(''))
    expect([...linesOf(first), ...linesOf(second)].filter(({ level }) => level === 'error')).toEqual([])
  })

  test('records are segments by then, and what compact began before a crash it ends', async () => {
    const keys = async (Prefix: string) =>
      ((await aws.s3.listObjectsV2({ Bucket: lake, Prefix })).Contents ?? []).map(({ Key }) => Key!)
    const [segment, ...others] = await keys('segments/')
    const [, cluster, hour, name] = segment!.split('/')
    const plan = { id: 'begun', cluster, hour, segments: [name], part: 0 }
    await aws.s3.putObject({ Bucket: lake, Key: 'compact/open/begun.json', Body: JSON.stringify(plan) })
    await using compact = await start('compact')
    expect(await compact.invoke({ source: 'streamalert.schedule', part: 0, parts: 1 })).toEqual({ result: null })
    expect(await keys('records/')).toEqual([`records/app_events/cluster=prod/dt=${hour}/begun.parquet`])
    // What came within the last minute is left for the next time.
    expect(await keys('segments/')).toEqual(others)
    expect(linesOf(compact)).toContainEqual(expect.objectContaining({ Cluster: 'prod', SetAside: 0 }))
  })

  test('what is not begun when the time is short is handed back', async () => {
    await using ingest = await start('ingest')
    await ingest.invoke(events.kinesis([['1', line(1)]]))
    // Five hundred are taken together, which takes longer than there is; then one is left.
    const many = Array.from({ length: 501 }, (_, n) => [String(1000 + n), line(1001 + 2 * n)] as const)
    expect(await ingest.invoke(events.kinesis(many), 400)).toEqual({
      result: { batchItemFailures: [{ itemIdentifier: '1500' }] },
    })
  })

  test('the api answers those who have a role what the others have stored', async () => {
    await using api = await start('api')
    const ask = async (path: string, role = 'responder', method = 'GET', rawQueryString = '') => {
      const userArn = `arn:aws:sts::123456789012:assumed-role/${role}/someone`
      const requestContext = { http: { method }, authorizer: { iam: { userArn } } }
      const { result } = (await api.invoke({ requestContext, rawPath: `/v1${path}`, rawQueryString })) as {
        result: { statusCode: number; body: string }
      }
      return { status: result.statusCode, answer: JSON.parse(result.body) as object }
    }
    expect(await ask('/clusters/prod/alerts', 'responder', 'GET', 'rule=odd&limit=1')).toMatchObject({
      status: 200,
      answer: { alerts: [{ alert: { cluster: 'prod' }, deliveries: [{ output: 'webhook:security' }] }], cursor: '1' },
    })
    expect(await ask('/clusters/prod/status')).toMatchObject({
      status: 200,
      answer: { outputs: [{ output: 'webhook:security', dead: 0 }] },
    })
    expect(await ask('/clusters/prod/dead/retry', 'responder', 'POST')).toMatchObject({ status: 200 })
    expect(await ask('/clusters/prod/status', 'stranger')).toMatchObject({ status: 403 })
    expect(linesOf(api).map(({ caller, status }) => `${String(caller).split('/')[1]} ${String(status)}`)).toContain(
      'stranger 403',
    )
  })

  test('a function without its environment says so when it starts', async () => {
    await using ingest = await start('ingest', (environment) => delete environment['STREAMALERT_TABLE'])
    expect(await ingest.invoke({})).toMatchObject({ error: { errorMessage: 'STREAMALERT_TABLE is not set.' } })
  })

  test('roles allow all that was asked', () => {
    const calls = aws.calls.filter(({ path }) => !path.startsWith('/nobody-s'))
    const byFunction = Object.entries(Object.groupBy(calls, ({ key }) => key))
    const names = ['acme-api', 'acme-compact', 'acme-prod-dispatch', 'acme-prod-ingest']
    expect(byFunction.map(([name]) => name).toSorted()).toEqual(names)
    for (const [name, made = []] of byFunction) {
      expect([name, judge({ shown, name, foreignKeys }, made).refused]).toEqual([name, []])
    }
  })
})
