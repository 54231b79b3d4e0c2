import { defineSchema } from '../src/core/schema.ts'
import { pattern } from '../src/parsers/index.ts'
import { quoted } from './shared/weblog.ts'

const words = (...names: readonly string[]) => names.map((name) => String.raw`(?<${name}>\S+)`).join(' ')
const texts = (...names: readonly string[]) => names.map((name) => `"(?<${name}>${quoted})"`).join(' ')

const begin = String.raw`(?<time>\d{4}-\d\d-\d\dT\S+) (?<elb>\S+) (?<client_ip>\S+):(?<client_port>\d+)`
const address = (name: string) => String.raw`(?:(?<${name}_ip>\S+):(?<${name}_port>\d+)|-)`
const request = String.raw`"(?<request>(?<method>[^\s"]+) (?<url>[^\s"]+) (?<protocol>[^\s"]+) ?|${quoted})"`

const common = {
  time: 'string',
  elb: 'string',
  client_ip: 'string',
  client_port: 'integer',
  request: 'string',
  method: 'string?',
  url: 'string?',
  protocol: 'string?',
  request_processing_time: 'float?',
  response_processing_time: 'float?',
  elb_status_code: 'integer?',
  received_bytes: 'integer?',
  sent_bytes: 'integer?',
  user_agent: 'string?',
  ssl_cipher: 'string?',
  ssl_protocol: 'string?',
  rest: 'string?',
} as const

const meaning = {
  source_ip: 'client_ip',
  source_port: 'client_port',
  http_method: 'method',
  url: 'url',
  http_status: 'elb_status_code',
  user_agent: 'user_agent',
  resource: 'elb',
} as const

/** Older lines end before `target_port_list`. */
const albLine = [
  String.raw`(?<type>[a-z0-9]+) ${begin} ${address('target')}`,
  words('request_processing_time', 'target_processing_time', 'response_processing_time'),
  words('elb_status_code', 'target_status_code', 'received_bytes', 'sent_bytes'),
  `${request} "(?<user_agent>${quoted})" ${words('ssl_cipher', 'ssl_protocol', 'target_group_arn')}`,
  `${texts('trace_id', 'domain_name', 'chosen_cert_arn')} ${words('matched_rule_priority', 'request_creation_time')}`,
  texts('actions_executed', 'redirect_url', 'error_reason'),
].join(' ')

const albEnd = `(?: ${texts('target_port_list', 'target_status_code_list', 'classification', 'classification_reason')}(?: (?<conn_trace_id>\\S+))?(?: (?<rest>.*))?)?`

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html */
export const albAccess = defineSchema({
  name: 'alb:access',
  description: 'Access log of an AWS Application Load Balancer.',
  parse: pattern({ pattern: albLine + albEnd, absent: ['-'] }),
  fields: {
    ...common,
    type: 'string',
    target_ip: 'string?',
    target_port: 'integer?',
    target_processing_time: 'float?',
    target_status_code: 'integer?',
    target_group_arn: 'string?',
    trace_id: 'string?',
    domain_name: 'string?',
    chosen_cert_arn: 'string?',
    matched_rule_priority: 'integer?',
    request_creation_time: 'string?',
    actions_executed: 'string?',
    redirect_url: 'string?',
    error_reason: 'string?',
    target_port_list: 'string?',
    target_status_code_list: 'string?',
    classification: 'string?',
    classification_reason: 'string?',
    conn_trace_id: 'string?',
  },
  time: 'time',
  normalise: { ...meaning, domain: 'domain_name' },
})

/** Lines of listeners without HTTP end before `user_agent` in old logs. */
const elbLine = [
  `${begin} ${address('backend')}`,
  words('request_processing_time', 'backend_processing_time', 'response_processing_time'),
  words('elb_status_code', 'backend_status_code', 'received_bytes', 'sent_bytes'),
  `${request}(?: "(?<user_agent>${quoted})" ${words('ssl_cipher', 'ssl_protocol')}(?: (?<rest>.*))?)?`,
].join(' ')

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html */
export const elbAccess = defineSchema({
  name: 'elb:access',
  description: 'Access log of an AWS Classic Load Balancer.',
  parse: pattern({ pattern: elbLine, absent: ['-'] }),
  fields: {
    ...common,
    backend_ip: 'string?',
    backend_port: 'integer?',
    backend_processing_time: 'float?',
    backend_status_code: 'integer?',
  },
  time: 'time',
  normalise: meaning,
})
