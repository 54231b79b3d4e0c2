import { gsuiteReports } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { parameterIn } from '../shared/gsuite.ts'

export default defineRule({
  name: 'gsuite-mail-forwarded-outside',
  description: 'A user of Google Workspace has all mail forwarded to an address outside.',
  severity: 'high',
  schemas: [gsuiteReports],
  where: { 'events.name': 'email_forwarding_out_of_domain' },
  title: (report) =>
    `${report.actor.email ?? 'Somebody'} forwards mail to ${parameterIn(report, 'email_forwarding_destination_address')}`,
  context: (report) => ({ address: report.ipAddress }),
  tags: ['gsuite'],
  attack: ['T1114.003'],
  references: ['https://developers.google.com/workspace/admin/reports/v1/appendix/activity/user-accounts'],
  runbook:
    '1. Call the user: is the address theirs? 2. If they know nothing of it, remove it, reset the password and end the sessions. 3. See what was forwarded.',
  falsePositives: ['People who leave, and who are allowed to.'],
})
