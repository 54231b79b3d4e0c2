import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'osquery-authorized-key-added',
  description: 'A new key may sign in by SSH. For root that is never part of daily work.',
  severity: (record) => (record.columns['username'] === 'root' || record.columns['uid'] === '0' ? 'high' : 'low'),
  schemas: [osqueryDifferential],
  // Packs put their own name before that of the query: pack_incident-response_authorized_keys.
  where: { action: 'added', name: { endsWith: 'authorized_keys' } },
  title: (record) =>
    `New SSH key for ${record.columns['username'] ?? record.columns['uid'] ?? 'a user'} on ${record.hostIdentifier}`,
  context: (record) => ({ file: record.columns['key_file'], comment: record.columns['comment'] }),
  tags: ['osquery', 'hosts'],
  attack: ['T1098.004'],
  references: ['https://osquery.io/schema/current#authorized_keys'],
  runbook:
    '1. Ask the user whether the key is theirs. 2. Remove it if not, and end their sessions. 3. See who signed in with it, by its fingerprint in the log of sshd.',
  falsePositives: ['New colleagues and new machines.'],
})
