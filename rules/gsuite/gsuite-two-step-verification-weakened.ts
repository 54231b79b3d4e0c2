import { gsuiteReports } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { eventNamed, parameterIn } from '../shared/gsuite.ts'

export default defineRule({
  name: 'gsuite-two-step-verification-weakened',
  description: 'Google Workspace no longer enforces two-step verification, or a user switched theirs off.',
  severity: (report) => (report.id.applicationName === 'admin' ? 'high' : 'low'),
  schemas: [gsuiteReports],
  where: [
    { 'id.applicationName': 'user_accounts', 'events.name': '2sv_disable' },
    { 'id.applicationName': 'login', 'events.name': '2sv_disable' },
    {
      'id.applicationName': 'admin',
      'events.name': { oneOf: ['ENFORCE_STRONG_AUTHENTICATION', 'ALLOW_STRONG_AUTHENTICATION'] },
    },
  ],
  match: (report) =>
    report.id.applicationName !== 'admin' ||
    eventNamed(
      report,
      ['ENFORCE_STRONG_AUTHENTICATION', 'ALLOW_STRONG_AUTHENTICATION'],
      (parameter) => parameter('NEW_VALUE') === 'false',
    ) !== undefined,
  title: (report) =>
    `${report.actor.email ?? 'Somebody'} switched two-step verification off${report.id.applicationName === 'admin' ? ' for the domain' : ''}`,
  context: (report) => ({ address: report.ipAddress, unit: parameterIn(report, 'ORG_UNIT_NAME') }),
  tags: ['gsuite', 'identity'],
  attack: ['T1556.006'],
  references: ['https://support.google.com/a/answer/9176657'],
  runbook: '1. Ask the actor for the reason. 2. Enforce it again. 3. Look at sign-ins of users without it since.',
  falsePositives: ['Users who change to a new telephone.'],
})
