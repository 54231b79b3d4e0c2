import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { allowsEverything } from '../shared/policy.ts'

/** Where a call that writes a policy of an identity carries it. */
const writing = ['PutUserPolicy', 'PutRolePolicy', 'PutGroupPolicy', 'CreatePolicy', 'CreatePolicyVersion'] as const

export default defineRule({
  name: 'aws-policy-allows-everything',
  description: 'A policy was written that allows every action on every resource.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventSource: 'iam.amazonaws.com', eventName: { oneOf: writing }, errorCode: { exists: false } },
  match: (event) => allowsEverything(event.requestParameters?.['policyDocument']),
  title: (event) =>
    `${caller(event)} wrote a policy that allows everything: ${parameter(event, 'policyName') || parameter(event, 'policyArn')}`,
  context: (event) => ({
    ...callContext(event),
    for: parameter(event, 'userName') || parameter(event, 'roleName') || parameter(event, 'groupName'),
  }),
  tags: ['aws', 'identity'],
  attack: ['T1098.003'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege'],
  runbook:
    '1. Ask the caller for the reason. 2. Replace the policy by one that names what is needed. 3. Look at what was done with it since.',
  falsePositives: ['New accounts that are being set up, and deployment roles.'],
})
