import { gunzipSync } from 'node:zlib'
import { parsed } from './envelope.ts'

/** One line of a log group. */
export interface LogEvent {
  readonly id: string
  readonly message: string
}

/** A subscription sends at most 1 MB, compressed. */
const mostBytes = 64 * 1_048_576

/**
 * What a subscription of CloudWatch Logs sends, taken apart: gzip, JSON, `logEvents`
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html). None for a control message; undefined
 * for what is no such thing.
 */
export function logEventsIn(bytes: Uint8Array): readonly LogEvent[] | undefined {
  const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzipped(bytes) : Buffer.from(bytes).toString()
  if (text === undefined || !text.includes('"logEvents"')) return undefined
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) return undefined
  const { messageType, logEvents } = value as { readonly messageType?: unknown; readonly logEvents?: unknown }
  if (messageType === 'CONTROL_MESSAGE') return []
  if (messageType !== 'DATA_MESSAGE' || !Array.isArray(logEvents) || !logEvents.every(isEvent)) return undefined
  return logEvents
}

const isEvent = (value: unknown): value is LogEvent => {
  const { id, message } = (typeof value === 'object' && value !== null ? value : {}) as Partial<LogEvent>
  return typeof id === 'string' && typeof message === 'string'
}

function unzipped(bytes: Uint8Array): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString()
  } catch {
    return undefined
  }
}
