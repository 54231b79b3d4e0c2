import type { SpoolEntry } from '../../../spool/index.ts'
import type { RecordOptions } from '../../exchange.ts'
import { field, fieldsOf, jsonEntry, objectEntry, recordEntry } from '../../records.ts'
import { plainFields, plainValue } from './values.ts'

/** Log records of a request; undefined for one that is none. */
export function* entriesOf(request: unknown, options: RecordOptions): Generator<SpoolEntry | undefined> {
  for (const resourceLogs of listOf(request, 'resourceLogs')) {
    const resource = plainFields(field(field(resourceLogs, 'resource'), 'attributes'))
    for (const scopeLogs of listOf(resourceLogs, 'scopeLogs')) {
      const scope = field(scopeLogs, 'scope')
      for (const record of listOf(scopeLogs, 'logRecords')) {
        yield fieldsOf(record) && entryOf(record, resource, scope, options)
      }
    }
  }
}

const listOf = (value: unknown, name: string): readonly unknown[] => {
  const list = field(value, name)
  return Array.isArray(list) ? list : []
}

/** The body is the record. One without a body, and any with `envelope`, is all that is known of it as an object. */
function entryOf(record: unknown, resource: unknown, scope: unknown, options: RecordOptions): SpoolEntry {
  const body = plainValue(field(record, 'body'))
  if (options.envelope || body === null || body === '') return jsonEntry(wholeOf(record, body, resource, scope))
  if (typeof body === 'string') return recordEntry(body)
  return fieldsOf(body) ? objectEntry(body, options) : jsonEntry(body)
}

const wholeOf = (record: unknown, body: unknown, resource: unknown, scope: unknown) => ({
  time: timeOf(field(record, 'timeUnixNano')) ?? timeOf(field(record, 'observedTimeUnixNano')),
  severityNumber: field(record, 'severityNumber'),
  severityText: field(record, 'severityText'),
  eventName: field(record, 'eventName'),
  body,
  attributes: plainFields(field(record, 'attributes')),
  resource,
  scope: scope && {
    name: field(scope, 'name'),
    version: field(scope, 'version'),
    attributes: plainFields(field(scope, 'attributes')),
  },
  traceId: idOf(field(record, 'traceId')),
  spanId: idOf(field(record, 'spanId')),
})

/** An id of a trace or span as hex, as in OTLP's JSON; from protobuf it comes as base64. */
const idOf = (id: unknown) =>
  typeof id === 'string' && id.endsWith('=') ? Buffer.from(id, 'base64').toString('hex') : id

/** Nanoseconds since 1970, in decimal, as ISO 8601 to the millisecond. */
function timeOf(nanoseconds: unknown): string | undefined {
  if (typeof nanoseconds !== 'string' && typeof nanoseconds !== 'number') return undefined
  const milliseconds = Number(nanoseconds) / 1e6
  return milliseconds > 0 && milliseconds < 8.64e15 ? new Date(milliseconds).toISOString() : undefined
}
