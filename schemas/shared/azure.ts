import { json } from '../../src/parsers/index.ts'

/**
 * How Azure's diagnostic settings write records: in a list `records` (event hubs), or one a line (storage).
 * https://learn.microsoft.com/en-us/azure/azure-monitor/platform/resource-logs-schema
 */
export const diagnosticRecords = json({ path: 'not_null(records, @)' })
