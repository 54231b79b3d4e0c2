import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-access-key-found-in-public',
  description: 'AWS found an access key in public and locked it as well as it can: whoever finds it may try it.',
  severity: 'critical',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: { oneOf: ['AttachUserPolicy', 'PutUserPolicy'] },
    'requestParameters.policyArn': { contains: 'AWSCompromisedKeyQuarantine' },
  },
  title: (event) => `A key of ${parameter(event, 'userName')} is known to the public`,
  context: callContext,
  tags: ['aws', 'identity'],
  attack: ['T1552.001'],
  references: ['https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html'],
  runbook:
    '1. Deactivate the key now: the quarantine bars only the costliest calls. 2. Find where it lies in public, usually a repository, and remove it. 3. Go through every call with the key since it was made.',
  falsePositives: [
    'None: AWS attaches the policy only to keys it has seen in public. Tests of this very rule do, too.',
  ],
})
