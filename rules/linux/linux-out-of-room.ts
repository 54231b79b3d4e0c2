import { linuxSyslog } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'linux-out-of-room',
  description: 'A Linux host has no room left on a disk, or its kernel ended a program for lack of memory.',
  severity: 'medium',
  schemas: [linuxSyslog],
  where: {
    message: {
      contains: [
        'No space left on device',
        'Out of memory: Kill',
        'oom-kill:',
        'Memory cgroup out of memory',
        'Disk quota exceeded',
      ],
    },
  },
  title: (record) =>
    `${record.hostname ?? 'A host'} has no ${/memory|oom/i.test(record.message) ? 'memory' : 'room on a disk'} left`,
  context: (record) => ({ program: record.appname, message: record.message }),
  merge: { by: ['hostname'], window: '1h' },
  tags: ['linux', 'hosts', 'infrastructure'],
  references: ['https://docs.kernel.org/admin-guide/mm/concepts.html'],
  runbook:
    '1. See what grew: df and du for disks, the list of processes in the log for memory. 2. Make room, or give the host more. 3. Check that the programs which failed run again, and whether logs were lost.',
  falsePositives: ['Jobs in containers with a tight limit that are started again.'],
})
