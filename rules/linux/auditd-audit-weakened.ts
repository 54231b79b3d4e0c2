import { auditd } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'auditd-audit-weakened',
  description: 'The audit system of a Linux host was switched off, or its rules were removed.',
  severity: 'high',
  schemas: [auditd],
  where: [
    { type: 'CONFIG_CHANGE', op: { contains: ['remove_rule', 'remove rule'] } },
    { type: 'CONFIG_CHANGE', msg: { contains: 'audit_enabled=0' } },
    { type: 'DAEMON_END' },
    { type: 'EXECVE', command: { matches: /^(?:\S*\/)?auditctl\s+(?:.*\s)?(?:-D|-e\s*0)(?:\s|$)/ } },
    {
      type: 'EXECVE',
      command: { matches: /^(?:\S*\/)?(?:systemctl\s+(?:stop|disable|mask)|service\s+\S*)\s*.*\bauditd\b/ },
    },
  ],
  title: (record) =>
    `The audit system of ${record.node ?? 'a host'} was weakened: ${record.command ?? record.op ?? record.type}`,
  context: (record) => ({ user: record.AUID ?? record.auid, program: record.exe, key: record.key }),
  merge: { by: ['node', 'type'], window: '1h' },
  tags: ['linux', 'hosts', 'logging'],
  attack: ['T1685.004'],
  references: ['https://man7.org/linux/man-pages/man8/auditctl.8.html'],
  runbook:
    '1. See who is signed in to the host. 2. Load the rules again. 3. If nobody planned it, isolate the host: what follows leaves no trace there.',
  falsePositives: ['Restarts of the daemon by updates, and tools that load new rules.'],
})
