import { gsuiteReports } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { parameterIn } from '../shared/gsuite.ts'

export default defineRule({
  name: 'gsuite-admin-role-assigned',
  description: 'A user of Google Workspace was given an administrator role.',
  severity: 'high',
  schemas: [gsuiteReports],
  where: {
    'id.applicationName': 'admin',
    'events.name': { oneOf: ['ASSIGN_ROLE', 'GRANT_ADMIN_PRIVILEGE', 'GRANT_DELEGATED_ADMIN_PRIVILEGES'] },
  },
  title: (report) =>
    `${report.actor.email ?? 'Somebody'} gave ${roleOf(report)} to ${parameterIn(report, 'USER_EMAIL')}`,
  context: (report) => ({ address: report.ipAddress }),
  tags: ['gsuite', 'identity'],
  attack: ['T1098.003'],
  references: [
    'https://developers.google.com/workspace/admin/reports/v1/appendix/activity/admin-delegated-admin-settings',
  ],
  runbook:
    '1. Ask the actor for the reason. 2. Take the role away if there is none, and end the sessions of both. 3. Go through what the new administrator changed since.',
  falsePositives: ['New members of the team that runs Workspace.'],
})

const roleOf = (report: Parameters<typeof parameterIn>[0]) =>
  parameterIn(report, 'ROLE_NAME') || 'an administrator role'
