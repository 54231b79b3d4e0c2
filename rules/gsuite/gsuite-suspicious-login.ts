import { gsuiteReports } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { eventNamed, parameterIn } from '../shared/gsuite.ts'

export default defineRule({
  name: 'gsuite-suspicious-login',
  description: 'Google deems a sign-in suspicious, found a password in public, or warns of an attack by a state.',
  severity: (report) =>
    eventNamed(report, ['suspicious_login', 'suspicious_login_less_secure_app']) ? 'medium' : 'high',
  schemas: [gsuiteReports],
  where: {
    'id.applicationName': 'login',
    'events.name': {
      oneOf: [
        'suspicious_login',
        'suspicious_login_less_secure_app',
        'suspicious_programmatic_login',
        'account_disabled_password_leak',
        'account_disabled_hijacked',
        'account_disabled_spamming',
        'gov_attack_warning',
      ],
    },
  },
  title: (report) =>
    `Google: ${report.events[0]?.name} of ${parameterIn(report, 'affected_email_address') || report.actor.email}`,
  context: (report) => ({ address: report.ipAddress }),
  merge: { by: ['actor.email'], window: '1h' },
  tags: ['gsuite', 'identity'],
  attack: ['T1078.004'],
  references: ['https://developers.google.com/workspace/admin/reports/v1/appendix/activity/login'],
  runbook:
    '1. Call the user. 2. If the sign-in was not theirs, reset their password and end their sessions. 3. Look at mail filters, forwarding and applications they allowed.',
  falsePositives: ['Users who travel.'],
})
