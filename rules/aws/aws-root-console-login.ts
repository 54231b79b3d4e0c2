import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-root-console-login',
  description: 'Somebody signed in to the AWS console as the root user, which no daily work needs.',
  severity: (event) => (event.responseElements?.['ConsoleLogin'] === 'Success' ? 'critical' : 'medium'),
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventName: 'ConsoleLogin', 'userIdentity.type': 'Root' },
  title: (event) =>
    `Root ${event.responseElements?.['ConsoleLogin'] === 'Success' ? 'signed in' : 'failed to sign in'} to account ${event.recipientAccountId} from ${event.sourceIPAddress}`,
  context: (event) => ({ ...callContext(event), mfa: event.additionalEventData?.['MFAUsed'] }),
  tags: ['aws', 'identity'],
  attack: ['T1078.004'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html'],
  runbook:
    '1. Ask the owners of the root mailbox whether one of them signed in. 2. If nobody did, reset the password and the second factor of root at once. 3. Go through everything root did since, above all new users, keys and changes of billing.',
  falsePositives: ['The few tasks that only root may do, such as closing the account or changing its support plan.'],
})
