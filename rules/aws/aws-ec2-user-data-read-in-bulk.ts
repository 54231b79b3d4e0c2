import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-ec2-user-data-read-in-bulk',
  description: 'The start scripts of many machines were read within minutes: they often hold passwords.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  // Refused tries count too: they say what somebody is after.
  where: { eventName: 'DescribeInstanceAttribute', 'requestParameters.attribute': 'userData' },
  threshold: { count: 10, per: ['userIdentity.arn'], window: '10m', distinct: 'requestParameters.instanceId' },
  title: (event) => `${caller(event)} reads the start scripts of many machines`,
  context: callContext,
  tags: ['aws', 'hosts'],
  attack: ['T1552', 'T1580'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html'],
  runbook:
    '1. Ask the owner of the identity which program does so. 2. If none does, lock the credentials. 3. Replace whatever secrets the scripts hold.',
  falsePositives: ['Inventory and audit tools. Name their roles in the conditions of the rule.'],
})
