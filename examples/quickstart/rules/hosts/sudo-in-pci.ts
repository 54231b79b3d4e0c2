import { defineRule } from 'streamalert'
import { osqueryDifferential } from 'streamalert/schemas'

export default defineRule({
  name: 'sudo-in-pci',
  description: 'Someone used sudo on a host of the PCI environment.',
  severity: 'high',
  schemas: [osqueryDifferential],
  clusters: ['pci'],
  outputs: ['file:alerts'],
  merge: { by: ['hostIdentifier'], window: '5m' },
  match: (record) => record.columns['cmdline']?.startsWith('sudo ') ?? false,
  title: (record) => `sudo on ${record.hostIdentifier}`,
  context: (record) => ({ user: record.columns['username'], command: record.columns['cmdline'] }),
})
