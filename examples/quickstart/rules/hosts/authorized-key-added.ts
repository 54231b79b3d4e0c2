import { defineRule } from 'streamalert'
import { osqueryDifferential } from 'streamalert/schemas'

export default defineRule({
  name: 'authorized-key-added',
  description: 'A new key may sign in by SSH. For root that is never part of daily work.',
  severity: (record) => (record.columns['username'] === 'root' ? 'high' : 'low'),
  schemas: [osqueryDifferential],
  attack: ['T1098.004'],
  // Packs put their own name before the query's: pack_pci_authorized_keys.
  match: (record) => record.action === 'added' && record.name.endsWith('authorized_keys'),
  title: (record) => `New SSH key for ${record.columns['username']} on ${record.hostIdentifier}`,
  context: (record) => ({ file: record.columns['key_file'], comment: record.columns['comment'] }),
})
