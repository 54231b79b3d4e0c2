import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toTfvars } from '../src/project/aws/index.ts'
import { code } from '../src/runtimes/aws/fixture.ts'
import { startRecordedAws } from './calls/aws.ts'
import { forbidden, ofAnotherCluster } from './calls/forbidden.ts'
import { allowedOf, type Caller, callsOf, judge } from './calls/judge.ts'
import { foreignKeys, loadRecordedProject } from './calls/project.ts'
import { functionOf } from './calls/given.ts'
import { networkCallsByCode } from './calls/network.ts'
import { judgeServices } from './calls/services.ts'
import { runApi } from './calls/api.ts'
import { runCluster } from './calls/run.ts'
import { decide, listOf } from './offline/evaluate-policy.ts'
import { applied, policiesOf as policiesIn, type Shown } from './offline/state.ts'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

/** Ten seconds of a processor: `STREAMALERT_AWS=1 npx vitest run infra/policies.test.ts`. What plans show of policies, infra.test.ts looks at. */
const isAsked = process.env['STREAMALERT_AWS'] === '1' && hasTerraform()

const at = 'eu-central-1:123456789012'
/** Statements for what Lambda itself does with a function's role. */
const ofAws = ['LookAtNetwork', 'Network', 'NotByCode', 'OwnLog', 'Streams', 'WhereItFailed']
const region = { 'kms:ViaService': 'sqs.eu-central-1.amazonaws.com' }

describe.runIf(isAsked)('policies', { timeout: 120_000 }, () => {
  let terraform: OfflineTerraform
  let shown: readonly Shown[]
  beforeAll(async () => {
    terraform = await startOffline()
    const zip = join(terraform.dir, 'function.zip')
    writeFileSync(zip, 'a zip')
    const packages = { ingest: zip, dispatch: zip, compact: zip, api: zip }
    const { variables, problems } = toTfvars(await loadRecordedProject(), code.schemas, packages)
    if (problems.length > 0) throw problems[0]!
    writeFileSync(join(terraform.dir, 'streamalert.auto.tfvars.json'), JSON.stringify(variables))
    shown = await applied(terraform)
  }, 120_000)
  afterAll(() => terraform[Symbol.asyncDispose]())

  const policiesOf = (type: string) => policiesIn(shown, type)

  const callerOf = (part: string): Caller => {
    const name = part === 'ingest' || part === 'dispatch' ? `acme-prod-${part}` : `acme-${part}`
    return { shown, name, foreignKeys }
  }

  test('no role may do everything of anything; for every resource is only what AWS offers nothing narrower for', () => {
    const roles = policiesOf('aws_iam_role_policy')
    expect(roles.size).toBeGreaterThan(5)
    for (const [address, { Statement }] of roles) {
      for (const { Sid = '', Effect, Action, NotAction, Resource } of Statement) {
        expect([address, Effect, NotAction]).toEqual([address, Sid === 'NotByCode' ? 'Deny' : 'Allow', undefined])
        expect(listOf(Action!).filter((action) => action.includes('*'))).toEqual([])
        const ofAll = ['StreamsOfTables', 'LookAtNetwork', 'NotByCode'].includes(Sid)
        expect([address, listOf(Resource!).includes('*')]).toEqual([address, ofAll])
      }
    }
  })

  test('no function may change what is deployed, or reach what lies beyond; only those that send read secrets', () => {
    const secret = {
      action: 'secretsmanager:GetSecretValue',
      resource: `arn:aws:secretsmanager:${at}:secret:acme/outputs/SLACK_URL-abcdef`,
    }
    const functions = shown.filter(({ type }) => type === 'aws_lambda_function')
    expect(functions).toHaveLength(6)
    for (const { values } of functions) {
      const name = String(values['function_name'])
      expect([name, allowedOf({ shown, name }, forbidden(shown))]).toEqual([name, []])
      expect([name, allowedOf({ shown, name }, [secret]).length]).toEqual([name, name.endsWith('-dispatch') ? 1 : 0])
    }
  })

  test('queues and buckets answer nobody without TLS', () => {
    const guarded = [...policiesOf('aws_sqs_queue_policy'), ...policiesOf('aws_s3_bucket_policy')]
    expect(guarded).toHaveLength(10)
    for (const [address, policy] of guarded) {
      const resource = listOf(policy.Statement.find(({ Sid }) => Sid === 'TlsOnly')!.Resource!)[0]!
      const action = address.includes('queue') ? 'sqs:SendMessage' : 's3:GetObject'
      const call = { action, resource, principal: 'arn:aws:iam::123456789012:root' }
      expect([address, decide(policy, { ...call, context: { 'aws:SecureTransport': 'false' } })]).toEqual([
        address,
        'deny',
      ])
    }
  })

  test('only the buckets that are named may announce objects in a queue', () => {
    const [, policy] = [...policiesOf('aws_sqs_queue_policy')].find(
      ([address]) => address.includes('"pci"') && address.endsWith('queue_policy.this'),
    )!
    const call = (bucket: string, account = '123456789012') => ({
      action: 'sqs:SendMessage',
      resource: `arn:aws:sqs:${at}:acme-pci-objects`,
      principal: 'service:s3.amazonaws.com',
      context: {
        'aws:SourceArn': `arn:aws:s3:::${bucket}`,
        'aws:SourceAccount': account,
        'aws:SecureTransport': 'true',
      },
    })
    expect(decide(policy, call('acme-pci-trail-123456789012'))).toBe('allow')
    expect(decide(policy, call('archive'))).toBe('allow')
    // What Lambda gives up comes back by it.
    expect(decide(policy, call('acme-pci-failed-123456789012'))).toBe('allow')
    expect(decide(policy, call('acme-prod-trail-123456789012'))).toBe('none')
    expect(decide(policy, call('archive', '210987654321'))).toBe('none')
  })

  test('keys are used through services, by this account, and administered by its own policies', () => {
    const keys = [...policiesOf('aws_kms_key').values()]
    expect(keys).toHaveLength(3)
    const root = 'arn:aws:iam::123456789012:root'
    const [data] = keys.filter(({ Statement }) => Statement.some(({ Sid }) => Sid === 'Logs'))
    const call = { action: 'kms:Decrypt', resource: 'key', principal: root }
    expect(decide(data!, { ...call, context: region })).toBe('allow')
    expect(decide(data!, call)).toBe('none')
    expect(decide(data!, { ...call, principal: 'arn:aws:iam::210987654321:root', context: region })).toBe('none')
    expect(decide(data!, { ...call, action: 'kms:PutKeyPolicy' })).toBe('allow')
    for (const { Statement } of keys) {
      for (const { Action } of Statement) expect(listOf(Action!).filter((action) => action.includes('*'))).toEqual([])
    }
  })

  test('what the functions of a cluster ask of AWS is allowed, and nothing else is', async () => {
    await using aws = await startRecordedAws()
    const made = await runCluster(aws, await loadRecordedProject())
    const judged = Object.entries(made).map(([part, calls]) => [part, judge(callerOf(part), calls)])
    const well = { refused: [], unused: [] }
    expect(Object.fromEntries(judged)).toEqual({ ingest: well, dispatch: well, compact: well })
    for (const part of ['ingest', 'dispatch'] as const) {
      const elsewhere = ofAnotherCluster(callsOf(callerOf(part), made[part]))
      expect(elsewhere.length).toBeGreaterThan(10)
      expect(allowedOf(callerOf(part), elsewhere)).toEqual([])
    }
  })

  test('what AWS asks in the name of a function is allowed, and nothing is allowed for it in vain', () => {
    const names = shown.flatMap(({ type, values }) =>
      type === 'aws_lambda_function' ? [String(values['function_name'])] : [],
    )
    for (const name of names) {
      const { refused, unused } = judge({ shown, name, foreignKeys }, [])
      expect([name, refused, unused.filter((one) => ofAws.some((sid) => one.startsWith(`${sid}:`)))]).toEqual([
        name,
        [],
        [],
      ])
    }
    // `prod` lies in a network, `pci` gets events and a log group.
    const inNetwork = (name: string) => networkCallsByCode(functionOf(shown, name))
    expect(names.filter((name) => inNetwork(name).length > 0)).toEqual(['acme-prod-dispatch', 'acme-prod-ingest'])
    expect(names.flatMap((name) => allowedOf({ shown, name }, inNetwork(name)))).toEqual([])
  })

  test('services that call functions, or write into queues, may do so for what is set up, and for nothing else', () => {
    // Their notifications are theirs.
    const existing = ['arn:aws:s3:::old', 'arn:aws:s3:::archive']
    expect(judgeServices(shown, existing)).toEqual({ refused: [], unused: [] })
    const set = /event_target|subscription|_notification|_schedule$/
    const { unused } = judgeServices(
      shown.filter(({ type }) => !set.test(type)),
      existing,
    )
    expect(unused).toContain(
      `events-guardduty: lambda:InvokeFunction arn:aws:lambda:${at}:function:acme-pci-ingest arn:aws:events:${at}:rule/acme-pci-guardduty`,
    )
    const sids = unused.map((one) => one.slice(0, one.indexOf(': ')).replace(/^logs-.*/, 'logs'))
    // The buckets of the clusters, and where Lambda keeps what it gives up.
    expect(sids.toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => 'Buckets'),
      ...['Topics', 'acme-compact-schedule'],
      ...['pci', 'prod'].flatMap((cluster) => [`acme-${cluster}-alerts`, `acme-${cluster}-schedule`]),
      ...['events-guardduty', 'logs'],
    ])
  })

  test('what the api asks of AWS is allowed, and nothing else is; only those who are named may call it, by its address', async () => {
    await using aws = await startRecordedAws()
    expect(judge(callerOf('api'), await runApi(aws))).toEqual({ refused: [], unused: [] })
    const permissions = shown.filter(({ address }) => address.startsWith('module.api[0].aws_lambda_permission'))
    const principal = 'arn:aws:iam::123456789012:role/responder'
    expect(permissions.map(({ values }) => values)).toMatchObject([
      { action: 'lambda:InvokeFunction', principal, invoked_via_function_url: true },
      { action: 'lambda:InvokeFunctionUrl', principal, function_url_auth_type: 'AWS_IAM' },
    ])
  })

  test('no secret stands in the state', () => {
    expect(shown.filter(({ type }) => type === 'aws_secretsmanager_secret_version')).toEqual([])
  })
})
