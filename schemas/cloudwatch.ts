import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { csv, json } from '../src/parsers/index.ts'
import { cloudtrailEvent, cloudtrailMeaning, cloudtrailSecrets } from './shared/cloudtrail.ts'
import { kubernetesAuditEvent, kubernetesMeaning } from './shared/kubernetes.ts'
import { defaultFlow, defaultFlowPatterns, defaultFlowRows, flowMeaning } from './shared/vpcflow.ts'

/**
 * The head of what a CloudWatch Logs subscription sends; the log lines are in `logEvents`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
const subscription = {
  messageType: 'string?',
  owner: 'string',
  logGroup: 'string',
  logStream: 'string',
  subscriptionFilters: maybe(list('string')),
} as const

const around = Object.keys(subscription)

export const cloudwatchCloudtrail = defineSchema({
  name: 'cloudwatch:cloudtrail',
  description: 'AWS CloudTrail events through a CloudWatch Logs subscription.',
  parse: json({ path: 'logEvents[*].message', alone: true, embedded: true, envelope: around }),
  fields: cloudtrailEvent,
  envelope: subscription,
  time: 'eventTime',
  normalise: cloudtrailMeaning,
  sensitive: cloudtrailSecrets,
})

export const cloudwatchEksAudit = defineSchema({
  name: 'cloudwatch:eks_audit',
  description: 'Kubernetes audit events of Amazon EKS through a CloudWatch Logs subscription.',
  parse: json({ path: 'logEvents[*].message', alone: true, embedded: true, envelope: around }),
  fields: kubernetesAuditEvent,
  envelope: subscription,
  time: 'requestReceivedTimestamp',
  patterns: { apiVersion: 'audit.k8s.io/*', kind: 'Event' },
  normalise: kubernetesMeaning,
})

export const cloudwatchControlMessage = defineSchema({
  name: 'cloudwatch:control_message',
  description: 'What CloudWatch Logs itself sends to a subscription, to see that it can be reached.',
  parse: json({ path: 'logEvents[*]', alone: true, envelope: around }),
  fields: { id: 'string', timestamp: 'integer', message: 'string' },
  envelope: { ...subscription, logGroup: 'string?', logStream: 'string?' },
  time: 'timestamp',
  patterns: { 'envelope.messageType': 'CONTROL_MESSAGE' },
})

/** Takes the log lines of a subscription that no other schema takes. */
export const cloudwatchLogs = defineSchema({
  name: 'cloudwatch:logs',
  description: 'Log lines of any kind through a CloudWatch Logs subscription.',
  parse: json({ path: 'logEvents[*]', alone: true, envelope: around }),
  fields: { id: 'string', timestamp: 'integer', message: 'string', extractedFields: maybe(map('string?')) },
  envelope: subscription,
  time: 'timestamp',
  priority: -10,
  normalise: { account: 'envelope.owner' },
})

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export const cloudwatchEvents = defineSchema({
  name: 'cloudwatch:events',
  description: 'Events of Amazon EventBridge (CloudWatch Events), of any source.',
  parse: json(),
  fields: {
    id: 'string',
    'detail-type': 'string',
    source: 'string',
    account: 'string',
    time: 'string',
    region: 'string',
    detail: map('json'),
    resources: maybe(list('json')),
    version: 'string?',
  },
  time: 'time',
  normalise: {
    source_ip: 'detail.sourceIPAddress',
    user: ['detail.userIdentity.userName', 'detail.userIdentity.sessionContext.sessionIssuer.userName'],
    user_id: ['detail.userIdentity.arn', 'detail.userIdentity.principalId'],
    user_agent: 'detail.userAgent',
    account: 'account',
    region: 'region',
    event_name: ['detail.eventName', 'detail-type'],
    resource: 'resources[]',
  },
  sensitive: ['detail.responseElements.credentials'],
})

export const cloudwatchFlowLogs = defineSchema({
  name: 'cloudwatch:flow_logs',
  description: 'VPC flow logs through a CloudWatch Logs subscription that names their fields.',
  parse: json({ path: 'logEvents[*].extractedFields', alone: true, envelope: around }),
  fields: {
    version: 'integer',
    account: 'string',
    eni: 'string',
    source: 'string?',
    destination: 'string?',
    srcport: 'string?',
    destport: 'string?',
    protocol: 'string?',
    packets: 'string?',
    bytes: 'string?',
    windowstart: 'integer',
    windowend: 'integer',
    action: 'string?',
    flowlogstatus: 'string',
  },
  envelope: subscription,
  time: 'windowstart',
  normalise: {
    source_ip: 'source',
    source_port: 'srcport',
    destination_ip: 'destination',
    destination_port: 'destport',
    protocol: 'protocol',
    account: 'account',
    resource: 'eni',
    outcome: 'action',
  },
})

/** Where a subscription names the fields, `cloudwatch:flow_logs` takes the record. */
export const cloudwatchVpcflow = defineSchema({
  name: 'cloudwatch:vpcflow',
  description:
    'VPC flow logs in the default format through a CloudWatch Logs subscription that does not name their fields.',
  parse: json({ path: 'logEvents[*].message', alone: true, envelope: around, each: defaultFlowRows }),
  fields: defaultFlow,
  envelope: subscription,
  time: 'start',
  patterns: defaultFlowPatterns,
  priority: -1,
  normalise: flowMeaning,
})

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Auditing.html */
export const cloudwatchRdsAurora = defineSchema({
  name: 'cloudwatch:rds_aurora',
  description: 'Audit log of Amazon Aurora MySQL through a CloudWatch Logs subscription.',
  parse: json({
    path: 'logEvents[*].message',
    alone: true,
    envelope: around,
    each: csv({ quote: "'", escape: '\\' }),
  }),
  fields: {
    timestamp: 'integer',
    serverhost: 'string',
    username: 'string',
    host: 'string',
    connectionid: 'integer',
    queryid: 'integer',
    operation: 'string',
    database: 'string',
    object: 'string',
    retcode: 'integer?',
  },
  envelope: subscription,
  time: 'timestamp',
  normalise: {
    source_ip: 'host',
    user: 'username',
    host: 'serverhost',
    event_name: 'operation',
    resource: 'database',
    outcome: 'retcode',
  },
})
