import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'osquery-program-without-file',
  description: 'A program runs whose file was deleted: to hide, or after an update.',
  severity: 'medium',
  schemas: [osqueryDifferential],
  where: {
    action: 'added',
    'columns.on_disk': '0',
    'columns.pid': { exists: true },
    'columns.path': { not: { startsWith: ['/usr/', '/opt/', '/snap/', '/nix/'] } },
  },
  title: (record) => `${record.columns['name'] ?? 'A program'} on ${record.hostIdentifier} runs without its file`,
  context: (record) => ({
    path: record.columns['path'],
    command: record.columns['cmdline'],
    pid: record.columns['pid'],
    parent: record.columns['parent'],
  }),
  merge: { by: ['hostIdentifier'], window: '1h' },
  tags: ['osquery', 'hosts'],
  attack: ['T1070.004'],
  references: ['https://osquery.io/schema/current#processes'],
  runbook:
    '1. Copy the program from /proc/PID/exe before it ends. 2. See who started it and with whom it speaks. 3. Isolate the host if nobody knows of it.',
  falsePositives: ['Programs of users that updated themselves and were not started again.'],
})
