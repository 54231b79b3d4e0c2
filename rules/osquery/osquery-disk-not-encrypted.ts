import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'osquery-disk-not-encrypted',
  description: 'The disk of a machine is not encrypted.',
  severity: 'medium',
  schemas: [osqueryDifferential],
  where: { action: 'added', name: { endsWith: ['disk_encryption', 'filevault', 'bitlocker_info'] } },
  match: ({ columns }) =>
    columns['encrypted'] === '0' || columns['protection_status'] === '0' || columns['filevault_status'] === 'off',
  title: (record) => `${record.hostIdentifier} has a disk that is not encrypted`,
  context: (record) => ({
    disk: record.columns['name'] ?? record.columns['drive_letter'],
    user: record.columns['username'],
  }),
  merge: { by: ['hostIdentifier'], window: '1d' },
  tags: ['osquery', 'hosts', 'infrastructure', 'compliance'],
  references: ['https://osquery.io/schema/current#disk_encryption', 'https://osquery.io/schema/current#bitlocker_info'],
  runbook:
    '1. Find the owner of the machine. 2. Have encryption switched on, and the recovery key stored. 3. If it was on before, ask why it was switched off.',
  falsePositives: ['Machines that are set up, and small partitions for starting.'],
})
