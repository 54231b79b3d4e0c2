import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'

export default defineRule({
  name: 'console-login-without-mfa',
  description: 'A user signed in to the AWS console with a password alone.',
  severity: 'medium',
  schemas: [cloudtrailEvents],
  merge: { by: ['userIdentity.arn'], window: '1h' },
  tags: ['attack.t1078.004'],
  // Roles come from single sign-on, which asks for the second factor before AWS sees the person.
  match: (event) =>
    event.eventName === 'ConsoleLogin' &&
    event.userIdentity.type === 'IAMUser' &&
    event.responseElements?.['ConsoleLogin'] === 'Success' &&
    event.additionalEventData?.['MFAUsed'] === 'No',
  title: (event) => `${event.userIdentity.userName} signed in without a second factor`,
  context: (event) => ({ address: event.sourceIPAddress, account: event.recipientAccountId }),
})
