import { sudo } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

/** Files with the keys to everything else. */
const secrets = [
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/sudoers',
  '/root/.ssh/',
  '/root/.aws/',
  '/etc/krb5.keytab',
  '/etc/kubernetes/pki',
  '/proc/kcore',
] as const

export default defineRule({
  name: 'sudo-reads-credentials',
  description: 'Somebody used sudo on files that hold passwords or keys.',
  severity: 'high',
  schemas: [sudo],
  where: { event: 'command', problem: { exists: false }, command: { contains: secrets } },
  title: (record) => `${record.user} used sudo on credentials of ${record.hostname ?? 'a host'}`,
  context: (record) => ({ command: record.command, as: record.run_as, folder: record.pwd }),
  merge: { by: ['hostname', 'user'], window: '1h' },
  tags: ['linux', 'hosts', 'secrets'],
  attack: ['T1003.008', 'T1552.004'],
  references: ['https://man7.org/linux/man-pages/man5/shadow.5.html'],
  runbook:
    '1. Ask the user for the reason. 2. If it was not they, lock the account and isolate the host. 3. Replace what the files held.',
  falsePositives: ['Administrators who change sudoers by hand, and tools that check the host.'],
})
