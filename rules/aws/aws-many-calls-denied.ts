import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-many-calls-denied',
  description: 'One identity was denied many different calls within minutes: somebody tries what a stolen key can do.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    errorCode: {
      oneOf: ['AccessDenied', 'AccessDeniedException', 'Client.UnauthorizedOperation', 'UnauthorizedOperation'],
    },
  },
  threshold: { count: 10, per: ['userIdentity.arn'], window: '10m', distinct: 'eventName' },
  title: (event) => `${caller(event)} is denied one kind of call after the other`,
  context: callContext,
  tags: ['aws', 'identity'],
  attack: ['T1580', 'T1526'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'],
  runbook:
    '1. Ask the owner of the identity which program makes the calls. 2. If none does, deactivate the key or end the sessions of the role. 3. Look at the calls of the same identity that were allowed.',
  falsePositives: [
    'Inventory and audit tools that run with too few rights, and the console of users who may do little.',
  ],
})
