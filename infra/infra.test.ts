import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemas } from '../schemas/index.ts'
import { toTfvars } from '../src/project/aws/index.ts'
import { loadProject } from '../src/project/index.ts'
import { projectFolder } from '../src/testing/project-folder.ts'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

const present = await hasTerraform()
if (!present) process.stderr.write('terraform is not installed: infra/ is not checked.\n')

const everything = `
    prod:
      streams: { logs: { retention: 48h } }
      existingStreams: { apps: { arn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/apps' } }
      buckets: { trail: { retention: 30d } }
      existingBuckets:
        old: { arn: 'arn:aws:s3:::old', prefix: AWSLogs/, topicArn: 'arn:aws:sns:eu-central-1:123456789012:trail' }
        other: { arn: 'arn:aws:s3:::other', keyArn: 'arn:aws:kms:eu-central-1:123456789012:key/other' }
      existingQueues: { findings: { arn: 'arn:aws:sqs:eu-central-1:123456789012:findings' } }
      existingTopics: { events: { arn: 'arn:aws:sns:eu-central-1:123456789012:events' } }
      logGroups: { /vpc/flow: }
      writerAccounts: ['210987654321']
      http: true`

const aws = 'aws:\n  region: eu-central-1\n  prefix: acme\n'

/** Projects as `streamalert build` reads them: the least, and more on top. */
const projects = {
  smallest: `clusters: { prod: }\n${aws}`,
  'three clusters': `clusters: { prod: , pci: , office: }
${aws}  clusters: { prod: { streams: { logs: } }, pci: { buckets: { trail: } }, office: { http: true } }
`,
  everything: `clusters: { prod: }
outputs:
  slack: { security: { url: secret:SLACK_URL } }
  pagerduty: { on-call: { serviceKey: secret:PAGERDUTY_KEY } }
  aws-sns: { trail: { topic: 'arn:aws:sns:eu-central-1:123456789012:trail' } }
  aws-s3: { alerts: { bucket: alerts } }
  aws-cloudwatch-log: { alerts: { group: alerts } }
${aws}  account: '123456789012'
  tags: { team: security }
  history: { records: 365d }
  alarms: { email: security@example.com }
  clusters:${everything}
`,
  'existing buckets and streams': `clusters: { prod: }
${aws}  alarms: { topicArn: 'arn:aws:sns:eu-central-1:123456789012:trail' }
  clusters:
    prod:
      existingStreams: { apps: { arn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/apps' } }
      existingBuckets: { old: { arn: 'arn:aws:s3:::old', topicArn: 'arn:aws:sns:eu-central-1:123456789012:trail' } }
`,
} as const

describe.runIf(present)('infrastructure', { timeout: 120_000 }, () => {
  let terraform: OfflineTerraform
  beforeAll(async () => {
    terraform = await startOffline()
    writeFileSync(join(terraform.dir, 'function.zip'), 'a zip')
  })
  afterAll(() => terraform[Symbol.asyncDispose]())

  function configure(variables: object): void {
    const zip = join(terraform.dir, 'function.zip')
    const packages = { ingest: zip, dispatch: zip, compact: zip, api: zip }
    const all = { prefix: 'acme', region: 'eu-central-1', packages, ...variables }
    writeFileSync(join(terraform.dir, 'streamalert.auto.tfvars.json'), JSON.stringify(all))
  }

  test.each(Object.entries(projects))('%s: is valid and can be planned', async (_, yaml) => {
    const project = await loadProject(projectFolder({ 'streamalert.yaml': yaml }))
    const zip = join(terraform.dir, 'function.zip')
    const { variables, problems } = toTfvars(project, schemas.slice(0, 20), {
      ingest: zip,
      dispatch: zip,
      compact: zip,
      api: zip,
    })
    expect(problems).toEqual([])
    configure(variables)
    const { code, stdout, stderr } = await terraform.run('plan')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/)
  })

  const mistakes: readonly (readonly [what: string, file: string, before: string, after: string, said: RegExp])[] = [
    [
      'a misspelt argument',
      'modules/queue/main.tf',
      'receive_wait_time_seconds',
      'receive_wait_seconds',
      /Unsupported argument/,
    ],
    [
      'an argument that is missing',
      'modules/cluster/table.tf',
      'name                        = "${local.name}-state"',
      '',
      /Missing required argument/,
    ],
    [
      'a wrong type',
      'modules/key/main.tf',
      'enable_key_rotation     = true',
      'enable_key_rotation = "often"',
      /Inappropriate value|a bool is required/,
    ],
    [
      'an unknown block',
      'modules/cluster/table.tf',
      'point_in_time_recovery {',
      'point_in_time {',
      /Unsupported block type/,
    ],
    [
      'a value that AWS decides',
      'modules/queue/main.tf',
      'message_retention_seconds  = 1209600',
      'arn = "mine"',
      /unconfigurable attribute/,
    ],
  ]

  test.each(mistakes)('%s is found', async (_, file, before, after, said) => {
    const path = join(terraform.dir, file)
    const right = readFileSync(path, 'utf8')
    expect(right).toContain(before)
    writeFileSync(path, right.replace(before, after))
    const { code, stderr } = await terraform.run('validate')
    writeFileSync(path, right)
    expect(code).toBe(1)
    expect(stderr).toMatch(said)
  })

  test('names that AWS would not take are refused', async () => {
    configure({ prefix: 'Acme!', clusters: { 'no such name': {} } })
    const { code, stderr } = await terraform.run('plan')
    expect(code).toBe(1)
    expect(stderr).toContain('A prefix has 3 to 20 lower case letters')
    expect(stderr).toContain('Clusters are named by up to 16')
  })
})
