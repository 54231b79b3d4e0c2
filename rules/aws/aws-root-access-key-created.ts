import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-root-access-key-created',
  description: 'An access key was made for the root user: it can do everything, and no policy can bound it.',
  severity: 'critical',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventName: 'CreateAccessKey', 'userIdentity.type': 'Root', errorCode: { exists: false } },
  // A key for somebody else is another matter.
  match: (event) => parameter(event, 'userName') === '',
  title: (event) => `Root of account ${event.recipientAccountId} has a new access key`,
  context: callContext,
  tags: ['aws', 'identity', 'compliance'],
  attack: ['T1098.001'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-access-key.html'],
  runbook:
    '1. Delete the key: nothing needs it. 2. Ask the owners of the root mailbox whether they made it. 3. If not, reset the password and second factor of root, and go through everything it did.',
  falsePositives: ['None that should stand: AWS advises against such keys for any use.'],
})
