import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'

export default defineRule({
  name: 'root-console-login',
  description: 'The root user of an AWS account signed in to the console. Daily work needs no root.',
  severity: 'high',
  schemas: [cloudtrailEvents],
  match: (record) =>
    record.eventName === 'ConsoleLogin' &&
    record.userIdentity?.type === 'Root' &&
    record.responseElements?.['ConsoleLogin'] === 'Success',
  title: (record) => `Root signed in from ${record.sourceIPAddress ?? 'an unknown address'}`,
  context: (record) => ({ mfa: record.additionalEventData?.['MFAUsed'] ?? 'unknown' }),
  runbook: 'Ask the owner of the account whether it was them. If not, end all sessions and change the password.',
})
