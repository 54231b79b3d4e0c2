import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext } from '../shared/aws.ts'
import { digText } from '../shared/data.ts'

export default defineRule({
  name: 'cloudtrail-root-account-usage',
  description: 'Somebody used the root user of an AWS account, which no daily work needs.',
  severity: 'high',
  schemas: [cloudwatchEvents],
  where: {
    'detail.userIdentity.type': 'Root',
    // What a service does in the name of root is no person.
    'detail.userIdentity.invokedBy': { exists: false },
    'detail.eventType': { not: 'AwsServiceEvent' },
  },
  title: ({ detail, account }) => `Root of account ${account} called ${digText(detail, 'eventName')}`,
  context: ({ detail }) => callContext(detail),
  merge: { by: ['account'], window: '1h' },
  tags: ['community', 'aws'],
  attack: ['T1078.004'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html'],
  runbook:
    '1. Ask the owners of the root mailbox whether one of them signed in. 2. If not, reset the password and the second factor of root, and delete its access keys. 3. Go through everything root did, above all new users, keys and changes of billing.',
  falsePositives: ['The few tasks that only root may do, such as closing the account or changing its support plan.'],
})
