import { sudo } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'sudo-refused',
  description: 'A user who may not use sudo tried to, or failed at the password three times.',
  severity: 'medium',
  schemas: [sudo],
  where: {
    event: 'command',
    problem: { contains: ['NOT in sudoers', 'command not allowed', 'incorrect password attempts', 'NOT authorized'] },
  },
  title: (record) => `${record.user} may not use sudo on ${record.hostname ?? 'a host'}: ${record.problem}`,
  context: (record) => ({ command: record.command, as: record.run_as, folder: record.pwd }),
  merge: { by: ['hostname', 'user'], window: '1h' },
  tags: ['linux', 'hosts'],
  attack: ['T1548.003'],
  references: ['https://www.sudo.ws/docs/man/sudoers.man/'],
  runbook:
    '1. Ask the user what they wanted. 2. For accounts of programs, such as www-data, isolate the host: nobody should sit there. 3. See what else the user ran.',
  falsePositives: ['New colleagues, and passwords that were mistyped.'],
})
