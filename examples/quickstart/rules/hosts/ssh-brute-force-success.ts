import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'

export default defineRule({
  name: 'ssh-brute-force-success',
  description: 'An address guessed passwords until one was right: the account is in foreign hands.',
  severity: 'critical',
  schemas: [sshd],
  threshold: {
    count: 20,
    per: ['client_ip'],
    window: '30m',
    // Failures add up; a login completes them.
    then: (record) => record.event === 'login',
  },
  attack: ['T1110.001'],
  runbook: 'Lock the account, cut the session, and see what the address did since.',
  match: (record) => record.event === 'login_failed' || record.event === 'login',
  title: (record) => `${record.client_ip} guessed the password of ${record.user}`,
  context: (record) => ({ host: record.hostname, user: record.user }),
})
