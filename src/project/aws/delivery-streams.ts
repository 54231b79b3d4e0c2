import { hash } from 'node:crypto'
import { tableName } from './tables.ts'

/** Streams that one key may encrypt: https://docs.aws.amazon.com/firehose/latest/APIReference/API_DeliveryStreamEncryptionConfigurationInput.html */
export const mostStreams = 500

/** What is left of the 64 characters of a name behind those of the longest prefix and cluster. */
const longest = 26
const short = 17

/**
 * The delivery stream of a cluster's records of a log type, as infra/modules/firehose names it:
 * `acme-prod.cloudtrail_events`; a longer table's name ends in a hash of it. Neither prefix nor cluster has a dot, so those of a cluster
 * are told by how they begin.
 */
export function deliveryStreamName(
  { prefix, cluster }: { readonly prefix: string; readonly cluster: string },
  schema: string,
): string {
  const table = tableName(schema)
  const part = table.length <= longest ? table : `${table.slice(0, short)}-${hash('sha256', table, 'hex').slice(0, 8)}`
  return `${prefix}-${cluster}.${part}`
}
