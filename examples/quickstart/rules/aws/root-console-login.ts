import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'

export default defineRule({
  name: 'root-console-login',
  description: 'Somebody signed in to the AWS console as the root user, which no daily work needs.',
  severity: 'critical',
  schemas: [cloudtrailEvents],
  attack: ['T1078.004'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html'],
  runbook:
    'Ask the owners of the root mailbox. If nobody knows of it, reset the password and the second factor at once.',
  where: {
    eventName: 'ConsoleLogin',
    'userIdentity.type': 'Root',
    'responseElements.ConsoleLogin': 'Success',
  },
  title: (event) => `Root signed in to account ${event.recipientAccountId} from ${event.sourceIPAddress}`,
  context: (event) => ({ mfa: event.additionalEventData?.['MFAUsed'], client: event.userAgent }),
})
