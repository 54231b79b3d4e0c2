import { parseJson } from '../../../core/json.ts'
import {
  type Exchange,
  type Head,
  header,
  json,
  type Outcome,
  type Protocol,
  refusalHeaders,
  refuse,
} from '../exchange.ts'
import { field, textEntry } from '../records.ts'

/**
 * What Amazon Data Firehose sends to an HTTP endpoint, on any path: told by `X-Amz-Firehose-Protocol-Version`. The access key
 * of the stream is a token. Each record is decoded from base64; it may be compressed, as those of CloudWatch Logs are.
 * Every answer is in the form that Firehose demands, and a request that is sent again has the same id.
 * https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
export const createFirehose = (now: () => number): Protocol => {
  const answer = (head: Head, status: number, errorMessage?: string, headers = {}) => {
    const requestId = header(head, 'x-amz-firehose-request-id') ?? ''
    return json(status, { requestId, timestamp: now(), ...(errorMessage !== undefined && { errorMessage }) }, headers)
  }
  return {
    name: 'firehose',
    route(head) {
      if (header(head, 'x-amz-firehose-protocol-version') === undefined || head.method !== 'POST') return undefined
      return { handle: (exchange) => take(exchange, answer(exchange, 200)) }
    },
    // Firehose reads no more than 8192 characters of a message.
    refuse: (head, refusal) => answer(head, refusal.status, refusal.reason, refusalHeaders(refusal)),
  }
}

function take(exchange: Exchange, answer: ReturnType<typeof json>): Outcome {
  const parsed = parseJson(exchange.body.toString())
  if (!('value' in parsed)) return refuse(400, `The body ${parsed.failure}.`)
  const records = field(parsed.value, 'records')
  if (!Array.isArray(records)) return refuse(400, 'The body has no list of records.')
  const wrong = records.findIndex((record) => !isBase64(field(record, 'data')))
  if (wrong >= 0) return refuse(400, `Record ${wrong} has no data in base64.`)
  const entries = records.map((record) => textEntry(Buffer.from(field(record, 'data') as string, 'base64')))
  const id = header(exchange, 'x-amz-firehose-request-id')
  return { entries, ...(id && { key: id }), answer }
}

/** With padding, as Firehose writes it (RFC 4648 §4). Node's own decoder takes anything. */
const isBase64 = (value: unknown) =>
  typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
