import { defineSchema } from '../src/core/schema.ts'
import { pattern } from '../src/parsers/index.ts'

const common = {
  time: 'string',
  elb: 'string',
  /** Address and port. */
  client_port: 'string',
  request: 'string',
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
  source_ip: 'client_port',
  url: 'request',
  http_status: 'elb_status_code',
  user_agent: 'user_agent',
  resource: 'elb',
} as const

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html */
export const albAccess = defineSchema({
  name: 'alb:access',
  description: 'Access log of an AWS Application Load Balancer.',
  parse: pattern({ pattern: '%{ALB_ACCESS_LOG}', absent: ['-'] }),
  fields: {
    ...common,
    type: 'string',
    target_port: 'string?',
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

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html */
export const elbAccess = defineSchema({
  name: 'elb:access',
  description: 'Access log of an AWS Classic Load Balancer.',
  parse: pattern({ pattern: '%{ELB_ACCESS_LOG}', absent: ['-'] }),
  fields: {
    ...common,
    backend_port: 'string?',
    backend_processing_time: 'float?',
    backend_status_code: 'integer?',
  },
  time: 'time',
  normalise: meaning,
})
