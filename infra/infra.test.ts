import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

const present = await hasTerraform()
if (!present) process.stderr.write('terraform is not installed: infra/ is not checked.\n')

const topic = 'arn:aws:sns:eu-central-1:123456789012:trail'
const everything = {
  streams: { logs: { retention_hours: 48 } },
  existing_streams: { apps: { arn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/apps' } },
  buckets: { trail: { retention_days: 30 } },
  existing_buckets: {
    old: { arn: 'arn:aws:s3:::old', prefix: 'AWSLogs/', topic_arn: topic },
    other: { arn: 'arn:aws:s3:::other', key_arn: 'arn:aws:kms:eu-central-1:123456789012:key/other' },
  },
  existing_queues: { findings: { arn: 'arn:aws:sqs:eu-central-1:123456789012:findings' } },
  existing_topics: { events: { arn: 'arn:aws:sns:eu-central-1:123456789012:events' } },
  log_groups: { '/vpc/flow': '' },
  writer_accounts: ['210987654321'],
  http: true,
}

/** Of what `streamalert build` writes, the least, and more on top. */
const configurations = {
  smallest: { clusters: { prod: {} } },
  'three clusters': {
    clusters: { prod: { streams: { logs: {} } }, pci: { buckets: { trail: {} } }, office: { http: true } },
  },
  everything: {
    clusters: { prod: everything },
    outputs: {
      secrets: ['SLACK_URL', 'PAGERDUTY_KEY'],
      topics: [topic],
      buckets: ['arn:aws:s3:::alerts'],
      log_groups: ['arn:aws:logs:eu-central-1:123456789012:log-group:alerts'],
    },
    history: { records_days: 365 },
    tables: { 'cloudtrail:events': [{ name: 'eventname', type: 'string' }] },
    alarms: { email: 'security@example.com' },
    tags: { team: 'security' },
  },
  'existing buckets and streams': {
    clusters: {
      prod: { existing_streams: everything.existing_streams, existing_buckets: everything.existing_buckets },
    },
    alarms: { topic_arn: topic },
  },
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

  test.each(Object.entries(configurations))('%s: is valid and can be planned', async (_, variables) => {
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
