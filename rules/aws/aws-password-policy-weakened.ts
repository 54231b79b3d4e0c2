import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-password-policy-weakened',
  description: 'The password policy of an AWS account was deleted, or demands less than 14 characters.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    { eventName: 'DeleteAccountPasswordPolicy', errorCode: { exists: false } },
    {
      eventName: 'UpdateAccountPasswordPolicy',
      errorCode: { exists: false },
      'requestParameters.minimumPasswordLength': { lessThan: 14 },
    },
  ],
  title: (event) => `${caller(event)} weakened the password policy of account ${event.recipientAccountId}`,
  context: callContext,
  tags: ['aws', 'identity', 'compliance'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html'],
  runbook:
    '1. Ask the caller why. 2. Put the policy back: 14 characters or more. 3. See whether passwords were set since.',
  falsePositives: ['Accounts without users, where nobody has a password.'],
})
