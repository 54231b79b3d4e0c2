import { sshd } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'sshd-password-guessed',
  description: 'An address guessed passwords by SSH until one was right.',
  severity: 'critical',
  schemas: [sshd],
  where: { event: { oneOf: ['login_failed', 'invalid_user', 'login'] }, client_ip: { exists: true } },
  // Failures add up; a login completes them.
  threshold: { count: 10, per: ['client_ip'], window: '30m', then: (record) => record.event === 'login' },
  title: (record) => `${record.client_ip} guessed the password of ${record.user} on ${record.hostname}`,
  context: (record) => ({ host: record.hostname, user: record.user, method: record.method }),
  tags: ['linux', 'hosts'],
  attack: ['T1110.001', 'T1078.003'],
  references: ['https://man.openbsd.org/sshd_config'],
  runbook:
    '1. End the session and lock the account. 2. Isolate the host. 3. Go through what ran since, and look for new keys, users and jobs.',
  falsePositives: ['A user who forgot the password, and an office behind one address.'],
})
