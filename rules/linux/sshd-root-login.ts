import { sshd } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'sshd-root-login',
  description: 'Somebody signed in by SSH as root instead of as themselves.',
  severity: (record) => (record.method === 'password' ? 'high' : 'medium'),
  schemas: [sshd],
  where: { event: 'login', user: 'root' },
  title: (record) => `root signed in to ${record.hostname} from ${record.client_ip} by ${record.method}`,
  context: (record) => ({ method: record.method, key: record.detail }),
  merge: { by: ['hostname', 'client_ip'], window: '1h' },
  tags: ['linux', 'hosts', 'compliance'],
  attack: ['T1021.004', 'T1078.003'],
  references: ['https://man.openbsd.org/sshd_config#PermitRootLogin'],
  runbook:
    '1. Find out who it was: the key in the alert has an owner. 2. Set PermitRootLogin to no. 3. If nobody knows of it, isolate the host.',
  falsePositives: ['Backups and deployments that sign in as root. Give them a user of their own.'],
})
