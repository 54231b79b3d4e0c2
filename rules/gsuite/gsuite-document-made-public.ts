import { gsuiteReports } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { eventNamed, parameterIn } from '../shared/gsuite.ts'

export default defineRule({
  name: 'gsuite-document-made-public',
  description: 'A document in Google Drive is open to everybody on the web, or to everybody who has the link.',
  severity: 'medium',
  schemas: [gsuiteReports],
  where: {
    'id.applicationName': 'drive',
    'events.name': { oneOf: ['change_document_visibility', 'change_document_access_scope'] },
  },
  match: (report) =>
    eventNamed(
      report,
      ['change_document_visibility', 'change_document_access_scope'],
      (parameter) =>
        open.some((value) => parameter('visibility') === value) && parameter('visibility_change') !== 'internal',
    ) !== undefined,
  title: (report) =>
    `${report.actor.email ?? 'Somebody'} opened a document: ${parameterIn(report, 'doc_title') || parameterIn(report, 'doc_id')}`,
  context: (report) => ({
    address: report.ipAddress,
    document: parameterIn(report, 'doc_id'),
    owner: parameterIn(report, 'owner'),
  }),
  merge: { by: ['actor.email'], window: '1h' },
  tags: ['gsuite', 'exposure'],
  attack: ['T1567.002', 'T1530'],
  references: ['https://developers.google.com/workspace/admin/reports/v1/appendix/activity/drive'],
  runbook:
    '1. See what the document holds. 2. Narrow who may see it, and tell its owner. 3. Look at who opened it since.',
  falsePositives: ['Documents that are meant for customers.'],
})

const open = ['people_with_link', 'public_on_the_web'] as const
