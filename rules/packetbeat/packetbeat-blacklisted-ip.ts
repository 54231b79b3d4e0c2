import { packetbeatFlow } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

/** Addresses that nobody should speak with. */
const bad = ['222.173.190.239'] as const

export default defineRule({
  name: 'packetbeat-blacklisted-ip',
  description: 'A machine sent traffic to an address of the list of bad ones, or had some from it.',
  severity: 'high',
  schemas: [packetbeatFlow],
  where: [{ 'dest.ip': { oneOf: bad } }, { 'source.ip': { oneOf: bad } }],
  title: (event) => `${event.source.ip} spoke with ${event.dest.ip}`,
  context: (event) => ({ from: event.source, to: event.dest }),
  merge: { by: ['source.ip', 'dest.ip'], window: '1h' },
  tags: ['community', 'network'],
  attack: ['T1071'],
  references: ['https://www.elastic.co/guide/en/beats/packetbeat/current/configuration-flows.html'],
  runbook:
    '1. Find the own machine of the two and the program behind the connection. 2. See how much went out. 3. Isolate the machine if nobody can explain it.',
  falsePositives: ['The list ships with one address: put your own in its place.', 'Addresses in clouds change hands.'],
})
