import { auditd } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'auditd-kernel-module-loaded',
  description: 'Somebody loaded a module into the kernel of a Linux host: it can hide everything.',
  severity: 'medium',
  schemas: [auditd],
  where: [
    {
      type: 'SYSCALL',
      SYSCALL: { oneOf: ['init_module', 'finit_module'] },
      success: 'yes',
      auid: { not: { oneOf: ['4294967295', '-1', 'unset'] } },
    },
    { type: 'EXECVE', command: { matches: /^(?:\S*\/)?insmod\s/ } },
  ],
  title: (record) => `${record.AUID ?? record.auid ?? 'Somebody'} loaded a kernel module on ${record.node ?? 'a host'}`,
  context: (record) => ({ program: record.exe ?? record.comm, command: record.command, key: record.key }),
  merge: { by: ['node'], window: '1h' },
  tags: ['linux', 'hosts'],
  attack: ['T1547.006', 'T1014'],
  references: ['https://man7.org/linux/man-pages/man2/init_module.2.html'],
  runbook:
    '1. Ask the person which module and why. 2. Compare lsmod with what the package system knows. 3. If nobody planned it, isolate the host and keep its memory.',
  falsePositives: [
    'Drivers that are installed by hand. What the system loads at its start has no user and does not fire.',
  ],
})
