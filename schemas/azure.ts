import { map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { diagnosticHead, diagnosticRecords } from './shared/azure.ts'

/** https://learn.microsoft.com/en-us/azure/azure-monitor/platform/activity-log-schema */
export const azureActivity = defineSchema({
  name: 'azure:activity',
  description: 'Azure activity log: what was done to the resources of a subscription.',
  parse: diagnosticRecords,
  fields: {
    ...diagnosticHead,
    resourceId: 'string',
    identity: maybe({
      authorization: maybe({
        scope: 'string?',
        action: 'string?',
        evidence: maybe({ role: 'string?', principalId: 'string?', principalType: 'string?' }),
      }),
      claims: maybe(map('string?')),
    }),
    properties: maybe(map('json')),
  },
  time: 'time',
  patterns: {
    category: [
      'Administrative',
      'Security',
      'ServiceHealth',
      'ResourceHealth',
      'Alert',
      'Autoscale',
      'Policy',
      'Recommendation',
      'Action',
      'Write',
      'Delete',
    ],
  },
  normalise: {
    source_ip: 'callerIpAddress',
    user: [
      "identity.claims['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn']",
      "identity.claims['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name']",
    ],
    user_id: 'identity.authorization.evidence.principalId',
    account: 'tenantId',
    event_name: 'operationName',
    outcome: 'resultType',
    resource: 'resourceId',
  },
})
