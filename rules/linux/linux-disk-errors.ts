import { linuxSyslog } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'linux-disk-errors',
  description: 'A disk of a Linux host fails, or its file system is damaged.',
  severity: 'high',
  schemas: [linuxSyslog],
  where: [
    {
      appname: { oneOf: ['kernel', 'smartd', 'mdadm', 'zed', 'multipathd'] },
      message: {
        contains: [
          'I/O error',
          'EXT4-fs error',
          'XFS (',
          'BTRFS error',
          'Medium Error',
          'UNRECOVERED READ ERROR',
          'Remounting filesystem read-only',
          'DegradedArray',
          'Currently unreadable (pending) sectors',
          'FAILED SMART self-check',
        ],
      },
    },
  ],
  // XFS tells of good things, too.
  match: (record) =>
    !record.message.includes('XFS (') || /Corruption|metadata I\/O error|Shutting down/i.test(record.message),
  title: (record) => `A disk of ${record.hostname ?? 'a host'} fails`,
  context: (record) => ({ program: record.appname, message: record.message }),
  merge: { by: ['hostname'], window: '6h' },
  tags: ['linux', 'hosts', 'infrastructure'],
  references: ['https://www.smartmontools.org/wiki/FAQ', 'https://docs.kernel.org/admin-guide/md.html'],
  runbook:
    '1. Check that the last backup is good. 2. Read the state of the disk with smartctl -a. 3. Move what runs there, and replace the disk. 4. Check the file system before it is used again.',
  falsePositives: ['USB sticks that are pulled out, and network disks that were away for a moment.'],
})
