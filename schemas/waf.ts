import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/** https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html */
export const wafLogs = defineSchema({
  name: 'waf:logs',
  description: 'AWS WAF: each inspected web request and what the web ACL did with it.',
  parse: json(),
  fields: {
    timestamp: 'integer',
    webaclId: 'string',
    action: 'string',
    httpRequest: {
      clientIp: 'string',
      country: 'string?',
      headers: maybe(list({ name: 'string', value: 'string?' })),
      uri: 'string?',
      args: 'string?',
      httpVersion: 'string?',
      httpMethod: 'string?',
      requestId: 'string?',
      host: 'string?',
      scheme: 'string?',
    },
    formatVersion: 'integer?',
    terminatingRuleId: 'string?',
    terminatingRuleType: 'string?',
    terminatingRuleMatchDetails: maybe(list(map('json'))),
    httpSourceName: 'string?',
    httpSourceId: 'string?',
    ruleGroupList: maybe(list(map('json'))),
    rateBasedRuleList: maybe(list(map('json'))),
    nonTerminatingMatchingRules: maybe(list(map('json'))),
    requestHeadersInserted: maybe(list(map('json'))),
    responseCodeSent: 'integer?',
    labels: maybe(list({ name: 'string?' })),
    ja3Fingerprint: 'string?',
    ja4Fingerprint: 'string?',
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'httpRequest.clientIp',
    http_method: 'httpRequest.httpMethod',
    url: 'httpRequest.uri',
    domain: 'httpRequest.host',
    outcome: 'action',
    threat: 'terminatingRuleId',
    resource: 'webaclId',
  },
})
