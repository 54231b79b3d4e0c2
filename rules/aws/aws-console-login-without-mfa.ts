import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-console-login-without-mfa',
  description: 'A user signed in to the AWS console with a password alone.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: 'ConsoleLogin',
    // Federated users have their second factor at the identity provider, where CloudTrail does not see it.
    'userIdentity.type': 'IAMUser',
    'responseElements.ConsoleLogin': 'Success',
    'additionalEventData.MFAUsed': { not: 'Yes' },
  },
  title: (event) => `${caller(event)} signed in to the console of ${event.recipientAccountId} without MFA`,
  context: callContext,
  merge: { by: ['userIdentity.arn'], window: '1d' },
  tags: ['aws', 'identity', 'compliance'],
  attack: ['T1078.004'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html'],
  runbook:
    '1. Ask the user whether the sign-in was theirs. 2. If not, delete their password and end their sessions. 3. Have a second factor set up, and demand it by policy.',
  falsePositives: ['Accounts for emergencies, which should have a second factor all the same.'],
})
