import { defineSchema } from '../src/core/schema.ts'
import { csv } from '../src/parsers/index.ts'
import { flowHeader } from './shared/flow-header.ts'

/** Version 2, the default, in its order. https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
const version2 = {
  version: 'integer?',
  'account-id': 'string?',
  'interface-id': 'string?',
  srcaddr: 'string?',
  dstaddr: 'string?',
  srcport: 'integer?',
  dstport: 'integer?',
  protocol: 'integer?',
  packets: 'integer?',
  bytes: 'integer?',
  start: 'integer?',
  end: 'integer?',
  action: 'string?',
  'log-status': 'string?',
} as const

const meaning = {
  source_ip: ['srcaddr'],
  source_port: 'srcport',
  destination_ip: ['dstaddr'],
  destination_port: 'dstport',
  protocol: 'protocol',
  account: 'account-id',
  resource: 'interface-id',
  outcome: 'action',
} as const

export const vpcflowDefault = defineSchema({
  name: 'vpcflow:default',
  description: 'AWS VPC flow logs in the default format (version 2), without a header.',
  parse: csv({ delimiter: ' ', quote: '', columns: Object.keys(version2), absent: ['-'] }),
  fields: {
    ...version2,
    version: 'integer',
    'account-id': 'string',
    'interface-id': 'string',
    start: 'integer',
    end: 'integer',
    'log-status': 'string',
  },
  time: 'start',
  patterns: { version: '2', 'log-status': ['OK', 'NODATA', 'SKIPDATA'] },
  normalise: meaning,
})

export const vpcflowCustom = defineSchema({
  name: 'vpcflow:custom',
  description:
    'AWS VPC flow logs of any version and any choice of fields, with the header that files in S3 begin with.',
  parse: flowHeader(),
  fields: {
    ...version2,
    'vpc-id': 'string?',
    'subnet-id': 'string?',
    'instance-id': 'string?',
    'tcp-flags': 'integer?',
    type: 'string?',
    'pkt-srcaddr': 'string?',
    'pkt-dstaddr': 'string?',
    region: 'string?',
    'az-id': 'string?',
    'sublocation-type': 'string?',
    'sublocation-id': 'string?',
    'pkt-src-aws-service': 'string?',
    'pkt-dst-aws-service': 'string?',
    'flow-direction': 'string?',
    'traffic-path': 'integer?',
    'ecs-cluster-name': 'string?',
    'ecs-cluster-arn': 'string?',
    'ecs-container-instance-id': 'string?',
    'ecs-container-instance-arn': 'string?',
    'ecs-container-id': 'string?',
    'ecs-second-container-id': 'string?',
    'ecs-service-name': 'string?',
    'ecs-task-definition-arn': 'string?',
    'ecs-task-arn': 'string?',
    'ecs-task-id': 'string?',
    'reject-reason': 'string?',
    'resource-id': 'string?',
    'encryption-status': 'string?',
  },
  time: 'start',
  normalise: {
    ...meaning,
    source_ip: ['srcaddr', 'pkt-srcaddr'],
    destination_ip: ['dstaddr', 'pkt-dstaddr'],
    region: 'region',
  },
})
