import { json } from '../../src/parsers/index.ts'

/**
 * How Azure's diagnostic settings write records: in a list `records` (event hubs), or one a line (storage).
 * https://learn.microsoft.com/en-us/azure/azure-monitor/platform/resource-logs-schema
 */
export const diagnosticRecords = json({ path: 'records[*]', alone: true })

/** What every record of diagnostic settings may carry around its own `properties`. */
export const diagnosticHead = {
  time: 'string',
  category: 'string',
  operationName: 'string',
  operationVersion: 'string?',
  resourceId: 'string?',
  tenantId: 'string?',
  resultType: 'string?',
  resultSignature: 'string?',
  resultDescription: 'string?',
  durationMs: 'integer?',
  callerIpAddress: 'string?',
  correlationId: 'string?',
  level: 'string?',
  Level: 'string?',
  location: 'string?',
} as const
