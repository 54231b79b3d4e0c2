import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'

export default defineRule({
  name: 'ssh-brute-force-success',
  description: 'An address guessed passwords until one was right: the account is in foreign hands.',
  severity: 'critical',
  schemas: [sshd],
  threshold: {
    count: 20,
    per: ['source_ip'],
    window: '30m',
    // Failures add up; an accepted login completes them.
    then: (record) => record.event === 'accepted',
  },
  tags: ['attack.t1110.001'],
  runbook: 'Lock the account, cut the session, and see what the address did since.',
  match: (record) => record.event === 'failed' || record.event === 'accepted',
  title: (record) => `${record.source_ip} guessed the password of ${record.user}`,
})
