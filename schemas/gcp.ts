import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry */
const entry = {
  logName: 'string',
  insertId: 'string?',
  timestamp: 'string',
  receiveTimestamp: 'string?',
  severity: 'string?',
  resource: maybe({ type: 'string?', labels: maybe(map('string')) }),
  labels: maybe(map('string')),
} as const

/** https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog */
export const gcpAudit = defineSchema({
  name: 'gcp:audit',
  description: 'Google Cloud audit logs: admin activity, data access, system events, policy denials.',
  parse: json(),
  fields: {
    ...entry,
    protoPayload: {
      '@type': 'string',
      serviceName: 'string',
      methodName: 'string',
      resourceName: 'string?',
      resourceLocation: maybe(map('json')),
      status: maybe({ code: 'integer?', message: 'string?' }),
      authenticationInfo: maybe({
        principalEmail: 'string?',
        principalSubject: 'string?',
        authoritySelector: 'string?',
        serviceAccountKeyName: 'string?',
        serviceAccountDelegationInfo: maybe(list(map('json'))),
      }),
      authorizationInfo: maybe(
        list({
          resource: 'string?',
          permission: 'string?',
          granted: 'boolean?',
          resourceAttributes: maybe(map('json')),
        }),
      ),
      requestMetadata: maybe({
        callerIp: 'string?',
        callerSuppliedUserAgent: 'string?',
        callerNetwork: 'string?',
        requestAttributes: maybe(map('json')),
        destinationAttributes: maybe(map('json')),
      }),
      request: maybe(map('json')),
      response: maybe(map('json')),
      metadata: maybe(map('json')),
      serviceData: maybe(map('json')),
      policyViolationInfo: maybe(map('json')),
    },
    operation: maybe(map('json')),
  },
  time: 'timestamp',
  patterns: { "protoPayload['@type']": 'type.googleapis.com/google.cloud.audit.AuditLog' },
  normalise: {
    source_ip: 'protoPayload.requestMetadata.callerIp',
    user: 'protoPayload.authenticationInfo.principalEmail',
    access_key: 'protoPayload.authenticationInfo.serviceAccountKeyName',
    user_agent: 'protoPayload.requestMetadata.callerSuppliedUserAgent',
    account: 'resource.labels.project_id',
    event_name: 'protoPayload.methodName',
    resource: 'protoPayload.resourceName',
    severity: 'severity',
  },
})

/** https://cloud.google.com/vpc/docs/about-flow-logs-records */
export const gcpVpcflow = defineSchema({
  name: 'gcp:vpcflow',
  description: 'Google Cloud VPC flow logs.',
  parse: json(),
  fields: {
    ...entry,
    jsonPayload: {
      connection: {
        src_ip: 'string',
        dest_ip: 'string',
        src_port: 'integer?',
        dest_port: 'integer?',
        protocol: 'integer?',
      },
      reporter: 'string',
      bytes_sent: 'integer?',
      packets_sent: 'integer?',
      start_time: 'string?',
      end_time: 'string?',
      src_instance: maybe(map('json')),
      dest_instance: maybe(map('json')),
      src_vpc: maybe(map('json')),
      dest_vpc: maybe(map('json')),
      src_location: maybe(map('json')),
      dest_location: maybe(map('json')),
    },
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'jsonPayload.connection.src_ip',
    source_port: 'jsonPayload.connection.src_port',
    destination_ip: 'jsonPayload.connection.dest_ip',
    destination_port: 'jsonPayload.connection.dest_port',
    protocol: 'jsonPayload.connection.protocol',
    account: 'resource.labels.project_id',
  },
})
