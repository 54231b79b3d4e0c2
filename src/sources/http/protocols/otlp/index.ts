import { parseJson } from '../../../../core/json.ts'
import { messageOf } from '../../../../core/errors.ts'
import type { SpoolEntry } from '../../../spool/index.ts'
import {
  type Answer,
  type Exchange,
  type Head,
  header,
  json,
  type Outcome,
  type Protocol,
  type RecordOptions,
  refusalHeaders,
  refuse,
} from '../../exchange.ts'
import { field, fieldsOf } from '../../records.ts'
import { entriesOf } from './entries.ts'
import { loadMessages } from './messages.ts'

/** Codes of gRPC for the statuses of HTTP. */
const codes: Readonly<Record<number, number>> = { 401: 16, 403: 7, 404: 5, 413: 8, 429: 8, 503: 14 }

type Messages = Awaited<ReturnType<typeof loadMessages>>

/**
 * OTLP/HTTP logs, in JSON or protobuf, answered in the form that was sent. What is no log record is told as partial success.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlp(options: RecordOptions): Protocol {
  let loading: Promise<Messages> | undefined
  let messages: Messages | undefined

  function decode(exchange: Exchange): { readonly value: unknown } | { readonly failure: string } {
    if (!isProtobuf(exchange)) return parseJson(exchange.body.toString())
    try {
      const type = messages!('ExportLogsServiceRequest')
      return { value: type.toObject(type.decode(exchange.body), { longs: String, bytes: String }) }
    } catch (error) {
      return { failure: `is not what OTLP sends: ${messageOf(error)}` }
    }
  }

  async function take(exchange: Exchange): Promise<Outcome> {
    const type = header(exchange, 'content-type') ?? ''
    if (!isProtobuf(exchange) && !type.startsWith('application/json')) {
      return refuse(415, 'The content type is not application/x-protobuf or application/json.')
    }
    loading ??= loadMessages()
    messages = await loading
    const decoded = decode(exchange)
    if ('failure' in decoded) return refuse(400, `The body ${decoded.failure}.`)
    if (!fieldsOf(decoded.value)) return refuse(400, 'The body is no object.')
    const logs = field(decoded.value, 'resourceLogs')
    if (logs !== undefined && !Array.isArray(logs)) return refuse(400, 'resourceLogs is no list.')
    const entries: SpoolEntry[] = []
    let refused = 0
    for (const entry of entriesOf(decoded.value, options)) {
      if (entry) entries.push(entry)
      else refused++
    }
    return { entries, refused, answer: stored(exchange, refused) }
  }

  function stored(head: Head, refused: number): Answer {
    const partialSuccess = { rejectedLogRecords: refused, errorMessage: 'These are no log records.' }
    return answer(head, 200, 'ExportLogsServiceResponse', refused > 0 ? { partialSuccess } : {}, {})
  }

  function answer(
    head: Head,
    status: number,
    name: 'ExportLogsServiceResponse' | 'Status',
    value: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>>,
  ): Answer {
    if (!isProtobuf(head)) return json(status, value, headers)
    const type = messages?.(name)
    const body = type ? type.encode(type.fromObject(value)).finish() : new Uint8Array(0)
    return { status, headers: { ...headers, 'content-type': 'application/x-protobuf' }, body }
  }

  return {
    name: 'otlp',
    route: ({ method, path }) => (method === 'POST' && path === '/v1/logs' ? { handle: take } : undefined),
    refuse: (head, refusal) =>
      answer(
        head,
        refusal.status,
        'Status',
        { code: codes[refusal.status] ?? 3, message: refusal.reason },
        refusalHeaders(refusal),
      ),
  }
}

const isProtobuf = (head: Head) => header(head, 'content-type')?.startsWith('application/x-protobuf') ?? false
