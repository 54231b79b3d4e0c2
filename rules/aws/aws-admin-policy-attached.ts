import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-admin-policy-attached',
  description: 'A user, group or role was given a ready-made policy that allows everything, or everything in IAM.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: { oneOf: ['AttachUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy'] },
    errorCode: { exists: false },
    'requestParameters.policyArn': {
      endsWith: [':policy/AdministratorAccess', ':policy/IAMFullAccess', ':policy/PowerUserAccess'],
    },
  },
  title: (event) => `${caller(event)} gave ${parameter(event, 'policyArn').split('/').at(-1)} to ${receiver(event)}`,
  context: callContext,
  tags: ['aws', 'identity'],
  attack: ['T1098.003'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html'],
  runbook:
    '1. Ask the caller for the reason. 2. Detach the policy if there is none. 3. Look at what the receiver did since, and at how the caller came by their credentials.',
  falsePositives: ['New accounts that are being set up, and deployment roles.'],
})

const receiver = (event: unknown) =>
  parameter(event, 'userName') || parameter(event, 'roleName') || parameter(event, 'groupName')
