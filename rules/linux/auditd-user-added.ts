import { auditd } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'auditd-user-added',
  description: 'A user or group was added to a Linux host, or a user was given another group.',
  severity: 'medium',
  schemas: [auditd],
  where: {
    type: { oneOf: ['ADD_USER', 'ADD_GROUP', 'USER_MGMT', 'GRP_MGMT'] },
    res: 'success',
    op: { matches: /add/ },
  },
  title: (record) =>
    `${record.AUID ?? record.auid ?? 'Somebody'} ran ${record.op} on ${record.node ?? 'a host'}: ${record.acct ?? record.id ?? ''}`,
  context: (record) => ({ program: record.exe, terminal: record.terminal, address: record.addr }),
  merge: { by: ['node'], window: '1h' },
  tags: ['linux', 'hosts', 'identity'],
  attack: ['T1136.001', 'T1098.007'],
  references: ['https://man7.org/linux/man-pages/man8/useradd.8.html'],
  runbook:
    '1. Ask the person for the change. 2. Remove the user if there is none, and end its sessions. 3. Look at sign-ins of the new user since.',
  falsePositives: ['Packages that bring a user of their own, and tools that set hosts up.'],
})
