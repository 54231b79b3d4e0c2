import { gsuiteReports } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { eventNamed, parameterIn } from '../shared/gsuite.ts'

/** Rights that let an application read or write all mail or files. */
const broad = [
  'https://mail.google.com/',
  'https://www.googleapis.com/auth/gmail.readonly',
  'https://www.googleapis.com/auth/gmail.modify',
  'https://www.googleapis.com/auth/drive',
  'https://www.googleapis.com/auth/admin.directory.user',
] as const

export default defineRule({
  name: 'gsuite-application-allowed-mail-or-files',
  description: 'A user allowed an application to read or write all their mail or files, or the directory.',
  severity: 'medium',
  schemas: [gsuiteReports],
  where: { 'id.applicationName': 'token', 'events.name': 'authorize' },
  match: (report) =>
    eventNamed(report, ['authorize'], (parameter) =>
      parameter('scope')
        .split(', ')
        .some((scope) => broad.some((one) => one === scope)),
    ) !== undefined,
  title: (report) =>
    `${report.actor.email ?? 'Somebody'} allowed ${parameterIn(report, 'app_name') || 'an application'} mail or files`,
  context: (report) => ({
    address: report.ipAddress,
    application: parameterIn(report, 'client_id'),
    scopes: parameterIn(report, 'scope'),
  }),
  merge: { by: ['actor.email'], window: '1h' },
  tags: ['gsuite'],
  attack: ['T1528'],
  references: ['https://developers.google.com/workspace/admin/reports/v1/appendix/activity/token'],
  runbook:
    '1. See who makes the application and who else uses it. 2. If nobody knows it, revoke its tokens for all users and block it. 3. Look at what it read.',
  falsePositives: ['Mail programs and backups that are allowed.'],
})
