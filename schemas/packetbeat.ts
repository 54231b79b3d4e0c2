import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

export const packetbeatDns = defineSchema({
  name: 'packetbeat:dns',
  description: 'Packetbeat (before ECS): DNS queries with their answers.',
  parse: json(),
  fields: {
    '@timestamp': 'string',
    type: 'string',
    client_ip: 'string',
    transport: 'string',
    bytes_in: 'integer?',
    bytes_out: 'integer?',
    dns: {
      question: maybe({ name: 'string?', type: 'string?', class: 'string?', etld_plus_one: 'string?' }),
      answers: maybe(list({ name: 'string?', type: 'string?', data: 'string?', ttl: 'integer?' })),
      answers_count: 'integer?',
      response_code: 'string?',
      opt: maybe(map('json')),
    },
  },
  time: '@timestamp',
  patterns: { type: 'dns' },
  normalise: {
    source_ip: 'client_ip',
    domain: 'dns.question.name',
    destination_ip: { path: 'dns.answers[].data', when: { path: 'dns.answers[].type', is: ['A', 'AAAA'] } },
    protocol: 'transport',
    outcome: 'dns.response_code',
  },
})

const end = { ip: 'string?', ipv6: 'string?', port: 'integer?', mac: 'string?', stats: maybe(map('json')) } as const

export const packetbeatFlow = defineSchema({
  name: 'packetbeat:flow',
  description: 'Packetbeat (before ECS): network flows.',
  parse: json(),
  fields: {
    '@timestamp': 'string',
    type: 'string',
    start_time: 'string',
    last_time: 'string',
    final: 'boolean',
    source: end,
    dest: end,
  },
  time: '@timestamp',
  patterns: { type: 'flow' },
  normalise: {
    source_ip: ['source.ip', 'source.ipv6'],
    source_port: 'source.port',
    destination_ip: ['dest.ip', 'dest.ipv6'],
    destination_port: 'dest.port',
  },
})
