import { packetbeatDns } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

/** Domains that nobody should ask for, as the resolver writes them: with a dot at the end. */
const bad = ['evil.com.'] as const

export default defineRule({
  name: 'packetbeat-blacklisted-domain',
  description: 'A machine asked for a domain of the list of bad ones.',
  severity: 'high',
  schemas: [packetbeatDns],
  where: { 'dns.question.name': { oneOf: bad } },
  title: (event) => `${event.client_ip} asked for ${event.dns.question?.name}`,
  context: (event) => ({ answers: event.dns.answers?.map((answer) => answer.data), code: event.dns.response_code }),
  merge: { by: ['client_ip', 'dns.question.name'], window: '1h' },
  tags: ['community', 'network'],
  attack: ['T1071.004'],
  references: ['https://www.elastic.co/guide/en/beats/packetbeat/current/packetbeat-dns-options.html'],
  runbook:
    '1. Find the machine behind the address and the program that asked. 2. See whether a connection followed. 3. Isolate the machine if nobody can explain it.',
  falsePositives: ['The list ships with a made-up domain: put your own in its place.'],
})
