import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

/** Programs that are meant to be reached. */
const expected = [
  'sshd',
  'nginx',
  'apache2',
  'httpd',
  'haproxy',
  'envoy',
  'systemd',
  'chronyd',
  'ntpd',
  'dhclient',
  'systemd-resolve',
  'systemd-network',
  'node_exporter',
] as const

export default defineRule({
  name: 'osquery-listens-on-all-addresses',
  description: 'A program began to listen for connections from everywhere.',
  severity: 'low',
  schemas: [osqueryDifferential],
  where: {
    action: 'added',
    name: { endsWith: 'listening_ports' },
    'columns.address': { oneOf: ['0.0.0.0', '::'] },
    'columns.port': { not: { oneOf: ['0', '22', '80', '443'] } },
    'columns.name': { not: { oneOf: expected } },
  },
  title: (record) =>
    `${record.columns['name'] ?? `Process ${record.columns['pid']}`} on ${record.hostIdentifier} listens on port ${record.columns['port']}`,
  context: (record) => ({ columns: record.columns }),
  merge: { by: ['hostIdentifier', 'columns.port'], window: '1d' },
  tags: ['osquery', 'hosts', 'infrastructure'],
  attack: ['T1571'],
  references: ['https://osquery.io/schema/current#listening_ports'],
  runbook:
    '1. See which program it is and who started it. 2. Bind it to the own host, or close the port, if nobody must reach it. 3. Add it to the list at the head of the rule if it belongs there.',
  falsePositives: ['New services. Add them to the list at the head of the rule.'],
})
