import { loadProject, type Project } from '../../src/project/index.ts'
import { projectFolder } from '../../src/testing/project-folder.ts'

const at = 'eu-central-1:123456789012'

/** A project with everything that a role may have to do with, deployed into the account and region of the offline provider. */
const yaml = `
clusters: { prod: , pci: }
outputs:
  webhook: { security: { url: secret:SLACK_URL, publishers: [alone] } }
  aws-sns:
    pager: { topic: 'arn:aws:sns:${at}:pager' }
    elsewhere: { topic: 'arn:aws:sns:eu-central-1:310987654321:alerts', assumeRole: { arn: 'arn:aws:iam::310987654321:role/alerts' } }
  aws-sqs: { alerts: { queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/alerts' } }
  aws-s3: { alerts: { bucket: alerts, kmsKey: 'arn:aws:kms:${at}:key/alerts' } }
  aws-lambda: { respond: { function: respond, qualifier: live } }
  aws-firehose: { alerts: { stream: alerts } }
  aws-cloudwatch-log: { alerts: { group: alerts } }
  aws-ses: { team: { from: alerts@example.com, to: [security@example.com] } }
sources:
  aws-s3: { trail: { cluster: prod, queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/acme-prod-objects', schemas: ['app:events'] } }
  http: { hooks: { cluster: prod, tokens: ['secret:HOOK_TOKEN'], schemas: ['app:events'] } }
  aws-kinesis: { logs: { cluster: prod, stream: acme-prod-logs, schemas: ['app:events'] } }
aws:
  region: eu-central-1
  prefix: acme
  account: '123456789012'
  outputKeys: ['arn:aws:kms:${at}:key/pager']
  history: { records: 30d }
  api: { access: [{ principals: ['arn:aws:iam::123456789012:role/responder'], role: responder, clusters: all }] }
  clusters:
    prod:
      http: { source: 'http:hooks' }
      vpc: { subnets: [subnet-0123456789abcdef0], securityGroups: [sg-0123456789abcdef0] }
      streams: { logs: }
      buckets: { trail: }
      existingBuckets: { old: { arn: 'arn:aws:s3:::old', keyArn: 'arn:aws:kms:${at}:key/old' } }
      existingQueues: { findings: { arn: 'arn:aws:sqs:${at}:findings', keyArn: 'arn:aws:kms:${at}:key/findings' } }
    pci:
      eventRules: { guardduty: { source: [aws.guardduty] } }
      logGroups: { /vpc/flow: REJECT }
      existingTopics: { events: { arn: 'arn:aws:sns:${at}:events' } }
      buckets: { trail: }
      existingBuckets: { archive: { arn: 'arn:aws:s3:::archive' } }
`

/** Keys of resources that are not ours, by the ARN of what they encrypt. */
export const foreignKeys: ReadonlyMap<string, string> = new Map([
  ['arn:aws:s3:::old', `arn:aws:kms:${at}:key/old`],
  ['arn:aws:s3:::alerts', `arn:aws:kms:${at}:key/alerts`],
  [`arn:aws:sqs:${at}:findings`, `arn:aws:kms:${at}:key/findings`],
  [`arn:aws:sns:${at}:pager`, `arn:aws:kms:${at}:key/pager`],
])

const schema = `
import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const app = defineSchema({
  name: 'app:events', description: 'Events of an application.', parse: json(), time: 'at',
  fields: { at: 'timestamp', n: 'integer', host: 'string' },
})
`

const rules = `
import { defineRule } from 'streamalert'
import { streamalertAlerts } from 'streamalert/schemas'
import { app } from '../schemas/app.ts'
const options = { description: 'x.', severity: 'low', schemas: [app], outputs: ['webhook:security'] }
export default [
  defineRule({ ...options, name: 'odd', match: ({ n }) => n % 2 === 1 }),
  defineRule({ ...options, name: 'merged', match: ({ n }) => n < 100, merge: { by: ['host'], window: '5m' } }),
  defineRule({ ...options, schemas: [streamalertAlerts], name: 'over-alerts', where: { rule: 'odd' } }),
]
`

const publisher = `
import { definePublisher } from 'streamalert'
export const alone = definePublisher({
  name: 'alone', description: 'Tells what it sees of the function.',
  publish: (_, before) => ({ ...before, seen: Object.keys(process.env).join() }),
})
`

/** Its folder, with rules that tell the output that has a secret. */
export const recordedProject = (writer: 'segments' | 'firehose' = 'segments'): string =>
  projectFolder({
    'streamalert.yaml': yaml.replace('records: 30d', `records: 30d, writer: ${writer}`),
    ...{ 'schemas/app.ts': schema, 'rules/all.ts': rules, 'publishers/alone.ts': publisher },
  })

export const loadRecordedProject = (writer?: 'segments' | 'firehose'): Promise<Project> =>
  loadProject(recordedProject(writer))
