import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'

export default defineRule({
  name: 'console-login-without-mfa',
  description: 'A user signed in to the AWS console with a password alone.',
  severity: 'medium',
  schemas: [cloudtrailEvents],
  merge: { by: ['userIdentity.arn'], window: '1h' },
  attack: ['T1078.004'],
  // Roles come from single sign-on, which asks for the second factor before AWS sees the person.
  where: {
    eventName: 'ConsoleLogin',
    'userIdentity.type': 'IAMUser',
    'responseElements.ConsoleLogin': 'Success',
    'additionalEventData.MFAUsed': 'No',
  },
  title: (event) => `${event.userIdentity.userName} signed in without a second factor`,
  context: (event) => ({ address: event.sourceIPAddress, account: event.recipientAccountId }),
})
