import { defineSchema } from '../src/core/schema.ts'
import { flowHeader } from './shared/flow-header.ts'
import { defaultFlow, defaultFlowPatterns, defaultFlowRows, flowMeaning, version2 } from './shared/vpcflow.ts'

export const vpcflowDefault = defineSchema({
  name: 'vpcflow:default',
  description: 'AWS VPC flow logs in the default format (version 2), without a header.',
  parse: defaultFlowRows,
  fields: defaultFlow,
  time: 'start',
  patterns: defaultFlowPatterns,
  normalise: flowMeaning,
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
    ...flowMeaning,
    source_ip: ['srcaddr', 'pkt-srcaddr'],
    destination_ip: ['dstaddr', 'pkt-dstaddr'],
    region: 'region',
  },
})
