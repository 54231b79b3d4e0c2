import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html */
export const route53Resolver = defineSchema({
  name: 'route53:resolver',
  description: 'Route 53 Resolver query logs, with DNS Firewall results.',
  parse: json(),
  fields: {
    version: 'string',
    account_id: 'string',
    region: 'string',
    query_timestamp: 'string',
    query_name: 'string',
    query_type: 'string',
    rcode: 'string',
    vpc_id: 'string?',
    query_class: 'string?',
    srcaddr: 'string?',
    srcport: 'integer?',
    transport: 'string?',
    srcids: maybe({ instance: 'string?', resolver_endpoint: 'string?', resolver_network_interface: 'string?' }),
    answers: maybe(list({ Rdata: 'string?', Type: 'string?', Class: 'string?' })),
    firewall_rule_action: 'string?',
    firewall_rule_group_id: 'string?',
    firewall_domain_list_id: 'string?',
    additional_properties: maybe(map('json')),
  },
  time: 'query_timestamp',
  normalise: {
    source_ip: 'srcaddr',
    source_port: 'srcport',
    destination_ip: { path: 'answers[].Rdata', when: { path: 'query_type', is: ['A', 'AAAA'] } },
    domain: 'query_name',
    protocol: 'transport',
    account: 'account_id',
    region: 'region',
    resource: 'srcids.instance',
    outcome: 'rcode',
  },
})
