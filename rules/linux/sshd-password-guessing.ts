import { sshd } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'sshd-password-guessing',
  description: 'One address failed to sign in by SSH again and again.',
  severity: 'low',
  schemas: [sshd],
  where: { event: { oneOf: ['login_failed', 'invalid_user', 'too_many_attempts'] }, client_ip: { exists: true } },
  threshold: { count: 20, per: ['client_ip'], window: '10m' },
  title: (record) => `${record.client_ip} guesses passwords on ${record.hostname}`,
  context: (record) => ({ host: record.hostname, user: record.user }),
  tags: ['linux', 'hosts'],
  attack: ['T1110.001'],
  references: ['https://man.openbsd.org/sshd_config'],
  runbook:
    '1. See whether the address signed in since. 2. Close the port to the internet, or allow keys alone. 3. Block the address if it goes on.',
  falsePositives: ['A program with an old password.', 'Every host whose port 22 is open to the internet.'],
})
