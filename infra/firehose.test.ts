import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toTfvars } from '../src/project/aws/index.ts'
import type { Project } from '../src/project/index.ts'
import { bundleProject } from '../src/project/bundle/index.ts'
import { code, events } from '../src/runtimes/aws/fixture.ts'
import { startFunction } from '../src/testing/lambda/index.ts'
import { region, startRecordedAws } from './calls/aws.ts'
import { forbidden, ofAnotherCluster } from './calls/forbidden.ts'
import { allowedOf, callsOf, judge, roleOf } from './calls/judge.ts'
import { foreignKeys, loadRecordedProject } from './calls/project.ts'
import { runCluster } from './calls/run.ts'
import { decide, type Policy } from './offline/evaluate-policy.ts'
import { applied, policiesOf, type Shown } from './offline/state.ts'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

/** Some seconds of a processor: `STREAMALERT_AWS=1 npx vitest run infra/firehose.test.ts`. */
const isAsked = process.env['STREAMALERT_AWS'] === '1' && hasTerraform()

const at = 'eu-central-1:123456789012'
const streamArn = (name: string) => `arn:aws:firehose:${at}:deliverystream/${name}`
const lake = 'arn:aws:s3:::acme-lake-123456789012'

describe.runIf(isAsked)('history by Firehose', { timeout: 120_000 }, () => {
  let terraform: OfflineTerraform
  let shown: readonly Shown[]
  let project: Project
  beforeAll(async () => {
    terraform = await startOffline()
    project = await loadRecordedProject('firehose')
    const zip = join(terraform.dir, 'function.zip')
    writeFileSync(zip, 'a zip')
    const packages = { ingest: zip, dispatch: zip, compact: zip, api: zip }
    const { variables, problems } = toTfvars(project, code.schemas, packages)
    if (problems.length > 0) throw problems[0]!
    writeFileSync(join(terraform.dir, 'streamalert.auto.tfvars.json'), JSON.stringify(variables))
    shown = await applied(terraform)
  }, 120_000)
  afterAll(() => terraform[Symbol.asyncDispose]())

  const named = (type: string) =>
    shown.filter((one) => one.type === type).map(({ values }) => String(values['function_name'] ?? values['name']))

  test('there is a delivery stream for each table and cluster, and nothing that compacts', () => {
    const streams = ['acme-pci.app_events', 'acme-prod.app_events']
    expect(named('aws_kinesis_firehose_delivery_stream').toSorted()).toEqual(streams)
    const others = [...named('aws_lambda_function'), ...named('aws_scheduler_schedule')]
    expect(others.filter((name) => name.includes('compact'))).toEqual([])
  })

  test('the function that reads puts rows into the streams of its cluster, and may do nothing else', async () => {
    await using aws = await startRecordedAws()
    const { ingest } = await runCluster(aws, project)
    const puts = ingest.filter(({ operation }) => operation === 'PutRecordBatch')
    const streams = puts.map(({ body }) => (JSON.parse(body) as Record<string, string>)['DeliveryStreamName'])
    expect([...new Set(streams)]).toEqual(['acme-prod.app_events'])
    const caller = { shown, name: 'acme-prod-ingest', foreignKeys }
    expect(judge(caller, ingest)).toEqual({ refused: [], unused: [] })
    const elsewhere = ofAnotherCluster(callsOf(caller, ingest))
    expect(elsewhere).toContainEqual({
      action: 'firehose:PutRecordBatch',
      resource: streamArn('acme-pci.app_events'),
    })
    expect(allowedOf(caller, [...elsewhere, ...forbidden(shown)])).toEqual([])
    const action = 'firehose:PutRecordBatch'
    const names = ['acme-prod-2.app_events', 'acme-prod', 'alerts', 'another-acme-prod.app_events']
    const wrong = names.map((name) => ({ action, resource: streamArn(name) }))
    expect(allowedOf(caller, [...wrong, { action: 's3:PutObject', resource: `${lake}/segments/prod/x` }])).toEqual([])
    const own = { action, resource: streamArn('acme-prod.app_events') }
    for (const part of ['prod-dispatch', 'pci-ingest', 'api'])
      expect([part, allowedOf({ shown, name: `acme-${part}` }, [own])]).toEqual([part, []])
  })

  test('its package does so, as Lambda runs it', async () => {
    await using aws = await startRecordedAws()
    const { ingest: zip } = await bundleProject(project, join(project.dir, 'build'))
    const name = 'acme-prod-ingest'
    const { values } = shown.find(
      ({ type, values: of }) => type === 'aws_lambda_function' && of['function_name'] === name,
    )!
    const [{ variables: environment }] = values['environment'] as [{ variables: Record<string, string> }]
    await using ingest = await startFunction({
      ...{ name, zip, region, environment, handler: String(values['handler']) },
      endpoints: { AWS_ENDPOINT_URL: aws.url },
    })
    const line = `${JSON.stringify({ at: '2026-03-01T10:00:00Z', n: 7, host: 'h' })}\n`
    expect(await ingest.invoke(events.kinesis([['1', line]]))).toEqual({ result: { batchItemFailures: [] } })
    const puts = aws.calls.filter(({ operation, key }) => operation === 'PutRecordBatch' && key === name)
    const [{ Records }] = puts.map(({ body }) => JSON.parse(body) as { Records: { Data: string }[] }) as [
      { Records: { Data: string }[] },
    ]
    const rows = Records.map(({ Data }) => JSON.parse(Buffer.from(Data, 'base64').toString()) as object)
    expect(rows).toMatchObject([{ dt: '2026-03-01-10', n: 7, streamalert_source: 'aws-kinesis:logs' }])
    expect(aws.calls.some(({ path }) => path.includes('/segments/'))).toBe(false)
  })

  test('the role of the streams writes into partitions of its cluster, and knows the columns of no other database', () => {
    const policy = roleOf({ shown, name: 'acme-prod-firehose' })
    const decided = (action: string, resources: readonly string[]) =>
      resources.map((resource) => decide(policy, { action, resource }))
    const written = ['records/app_events/cluster=prod/dt=2026-03-01-10/x', 'aside/prod/firehose/app_events/x']
    const others = ['records/app_events/cluster=pci/dt=2026-03-01-10/x', 'aside/pci/firehose/app_events/x']
    const more = ['segments/prod/x', 'aside/prod/x', 'large/prod/x', 'quarantine/prod/x']
    const arns = (keys: readonly string[]) => keys.map((key) => `${lake}/${key}`)
    expect(decided('s3:PutObject', arns(written))).toEqual(['allow', 'allow'])
    expect(decided('s3:DeleteObject', arns(written))).toEqual(['none', 'none'])
    for (const action of ['s3:PutObject', 's3:GetObject'])
      expect(new Set(decided(action, arns([...others, ...more])))).toEqual(new Set(['none']))
    const tables = ['acme_streamalert', 'another'].map((name) => `arn:aws:glue:${at}:table/${name}/app_events`)
    expect(decided('glue:GetTableVersions', tables)).toEqual(['allow', 'none'])
    expect(decided('glue:UpdateTable', tables)).toEqual(['none', 'none'])
    const group = `arn:aws:logs:${at}:log-group:/aws/kinesisfirehose/acme`
    const logs = ['prod', 'pci'].map((cluster) => `${group}-${cluster}:log-stream:DestinationDelivery`)
    expect(decided('logs:PutLogEvents', logs)).toEqual(['allow', 'none'])
  })

  test('only Firehose takes this role, for streams of this account', () => {
    const { values } = shown.find(({ address }) => address === 'module.firehose["prod"].aws_iam_role.this')!
    const trust = JSON.parse(String(values['assume_role_policy'])) as Policy
    const assume = (principal: string, id: string) =>
      decide(
        { Statement: trust.Statement.map((one) => ({ ...one, Resource: '*' })) },
        {
          ...{ action: 'sts:AssumeRole', resource: 'role', principal: `service:${principal}.amazonaws.com` },
          context: { 'sts:ExternalId': id },
        },
      )
    expect(assume('firehose', '123456789012')).toBe('allow')
    expect([assume('firehose', '210987654321'), assume('lambda', '123456789012')]).toEqual(['none', 'none'])
  })

  test('the key serves Firehose and the logs of what it could not deliver', () => {
    const keys = [...policiesOf(shown, 'aws_kms_key')]
    const [, key] = keys.find(([address]) => address === 'module.data_key.aws_kms_key.this')!
    const used = (service: string, ofLog: string) => [
      decide(key, {
        ...{ principal: 'arn:aws:iam::123456789012:root', action: 'kms:CreateGrant', resource: 'key' },
        context: { 'kms:ViaService': `${service}.eu-central-1.amazonaws.com`, 'kms:GrantIsForAWSResource': 'true' },
      }),
      decide(key, {
        ...{ principal: 'service:logs.eu-central-1.amazonaws.com', action: 'kms:Encrypt', resource: 'key' },
        context: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${at}:log-group:${ofLog}` },
      }),
    ]
    expect(used('firehose', '/aws/kinesisfirehose/acme-prod')).toEqual(['allow', 'allow'])
    expect(used('rds', '/aws/kinesisfirehose/another')).toEqual(['none', 'none'])
  })
})
