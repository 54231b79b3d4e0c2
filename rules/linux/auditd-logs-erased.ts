import { auditd } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'auditd-logs-erased',
  description: 'Somebody deleted or emptied log files, or the history of a shell, on a Linux host.',
  severity: 'high',
  schemas: [auditd],
  where: {
    type: 'EXECVE',
    command: {
      matches:
        /^(?:\S*\/)?(?:(?:rm|shred|truncate|unlink)\s.*(?:\/var\/log\/\S|\.bash_history|\.zsh_history)|journalctl\s.*--vacuum|history\s+-c)/,
    },
  },
  title: (record) => `Logs of ${record.node ?? 'a host'} were erased: ${record.command}`,
  context: (record) => ({ command: record.command, serial: record.serial }),
  merge: { by: ['node'], window: '1h' },
  tags: ['linux', 'hosts', 'logging'],
  attack: ['T1685.006', 'T1070.003'],
  references: ['https://man7.org/linux/man-pages/man1/shred.1.html'],
  runbook:
    '1. Find the SYSCALL record with the same serial: it names the user. 2. Compare what is left with what your log store has. 3. If nobody planned it, isolate the host.',
  falsePositives: ['Scripts that make room on a full disk. Rotation does not use these commands.'],
})
