import { expect, test } from 'vitest'
import { Problems } from '../core/errors.ts'
import { loadProject } from '../project/index.ts'
import { toTfvars } from '../project/aws/index.ts'
import { projectFolder } from '../testing/project-folder.ts'
import { imports } from './fixture.ts'

const cluster = {
  id: 'prod',
  data_sources: {
    kinesis: { Acme_Corp_prod_streamalert: ['cloudwatch'], 'acme.other': ['osquery'] },
    s3: { 'acme-trail': ['cloudtrail'], acme_trail: ['cloudtrail'] },
    sns: { findings: ['binaryalert'], alerts: ['binaryalert'] },
  },
  classifier_config: {
    vpc_config: { subnet_ids: ['subnet-01234567'], security_group_ids: ['sg-01234567'] },
    memory: '256',
    timeout: 60,
    inputs: { 'aws-sns': ['arn:aws:sns:us-east-1:123456789012:findings'] },
  },
  modules: {
    kinesis: { streams: { shards: 1, retention: 24, trusted_accounts: ['210987654321'] } },
    kinesis_events: { enabled: true },
    s3_events: { 'acme.door.logs': [{ filter_prefix: 'AWSLogs/' }] },
    cloudtrail: { s3_settings: { bucket_name: 'acme-trail', cross_account_ids: ['310987654321'] } },
    cloudwatch_events: {},
    cloudwatch_logs_destination: { cross_account_ids: ['210987654321'] },
    flow_logs: { vpcs: ['vpc-1'] },
    streamalert_apps: {},
  },
}
const infrastructure = { firehose: { enabled: true }, monitoring: { sns_topic_name: 'on-call' } }
const account = { aws_account_id: '123456789012', prefix: 'Acme_Corp', region: 'us-east-1' }

/** The configuration with its section `aws` no longer a comment. */
function awake(yaml: string): string {
  const [before, after] = yaml.split(/(?=^# aws:$)/m) as [string, string]
  return before + after.replaceAll(/^# /gm, '')
}

test('what was deployed can be deployed: existing streams and buckets are attached', async () => {
  const { files } = imports({ 'conf/global.json': { account, infrastructure }, 'conf/clusters/prod.json': cluster })
  const yaml = files.get('streamalert.yaml')!
  const project = await loadProject(projectFolder({ 'streamalert.yaml': awake(yaml) }))
  const packages = { ingest: 'i', dispatch: 'd', compact: 'c', api: 'a' }
  const { variables, problems } = toTfvars(project, [], packages)
  expect(problems).toEqual([])
  expect(variables).toMatchObject({ region: 'us-east-1', prefix: 'acmecorp', history: { records_days: 365 } })
  expect(variables.alarms.topic_arn).toBe('arn:aws:sns:us-east-1:123456789012:on-call')
  expect(variables.clusters['prod']).toMatchObject({
    memory_mb: 1024,
    timeout_seconds: 60,
    streams: {},
    vpc: { subnet_ids: ['subnet-01234567'], security_group_ids: ['sg-01234567'] },
    existing_streams: {
      old: { arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/Acme_Corp_prod_streamalert' },
      'acme-other': { arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/acme.other' },
    },
    existing_buckets: {
      'acme-door-logs': { arn: 'arn:aws:s3:::acme.door.logs', prefix: 'AWSLogs/' },
      'acme-trail': { arn: 'arn:aws:s3:::acme-trail' },
      'acme-trail-2': { arn: 'arn:aws:s3:::acme_trail' },
    },
    existing_topics: {
      findings: { arn: 'arn:aws:sns:us-east-1:123456789012:findings' },
      alerts: { arn: 'arn:aws:sns:us-east-1:123456789012:alerts' },
    },
    event_rules: { events: '{"account":["123456789012"]}' },
    writer_accounts: ['210987654321', '310987654321'],
  })
  for (const module of [
    'kinesis',
    's3_events',
    'cloudtrail',
    'cloudwatch_events',
    'cloudwatch_logs_destination',
    'flow_logs',
    'streamalert_apps',
  ])
    expect(yaml).toMatch(new RegExp(`^#       # ${module}: `, 'm'))
})

test('until a person has looked it over nothing can be deployed, and files that say nothing make no section', async () => {
  const { files } = imports({ 'conf/global.json': { account }, 'conf/clusters/prod.json': cluster })
  const project = await loadProject(projectFolder({ 'streamalert.yaml': files.get('streamalert.yaml')! }))
  expect(project.config.aws).toBeUndefined()
  const none = imports({
    'conf/global.json': { account: { region: 'x\n: y', prefix: 7 } },
    'conf/clusters/p.json': cluster,
  })
  expect(none.files.get('streamalert.yaml')).not.toContain('aws:')
})

test('names and values from outside stay values', async () => {
  const hostile = {
    ...cluster,
    id: 'p\n  x: y',
    modules: { s3_events: { 'a"\n# b': 7, ['__proto__']: [] }, kinesis: { streams: { stream_name: "x'}\n}" } } },
  }
  const { files } = imports({ 'conf/global.json': { account }, 'conf/clusters/p.json': hostile })
  const yaml = files.get('streamalert.yaml')!
  expect(
    yaml
      .slice(yaml.indexOf('# aws:'))
      .split('\n')
      .filter((line) => !/^(#|$)/.test(line)),
  ).toEqual([])
  const thrown: unknown = await loadProject(projectFolder({ 'streamalert.yaml': awake(yaml) })).catch(
    (error: unknown) => error,
  )
  const codes = thrown instanceof Problems ? thrown.problems.map(({ code }) => code) : []
  expect(codes).not.toContain('CONFIG_SYNTAX')
})
