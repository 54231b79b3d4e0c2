import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'osquery-setuid-program-added',
  description: 'A program that runs as its owner, whoever starts it, is new outside of the folders of the system.',
  severity: 'high',
  schemas: [osqueryDifferential],
  where: {
    action: 'added',
    name: { endsWith: 'suid_bin' },
    'columns.path': {
      not: { startsWith: ['/bin/', '/sbin/', '/usr/bin/', '/usr/sbin/', '/usr/lib/', '/usr/libexec/', '/snap/'] },
    },
  },
  title: (record) =>
    `${record.columns['path']} on ${record.hostIdentifier} runs as ${record.columns['username'] ?? 'its owner'}`,
  context: (record) => ({ permissions: record.columns['permissions'], group: record.columns['groupname'] }),
  tags: ['osquery', 'hosts'],
  attack: ['T1548.001'],
  references: ['https://osquery.io/schema/current#suid_bin'],
  runbook:
    '1. Find out which package the file belongs to; none is bad. 2. Take the right away with chmod u-s. 3. See who made it, and isolate the host if nobody knows.',
  falsePositives: ['Software in /opt, such as browsers with a sandbox.'],
})
