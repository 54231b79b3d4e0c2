import { split } from '../../../core/split/index.ts'
import { parseJson } from '../../../core/json.ts'
import type { SpoolEntry } from '../../spool/index.ts'
import {
  type Exchange,
  header,
  json,
  type Outcome,
  type Protocol,
  type RecordOptions,
  refusalHeaders,
  refuse,
} from '../exchange.ts'
import { objectEntry, textEntry } from '../records.ts'

/** How many broken values of a body are told. */
const mostTold = 100

/**
 * Any POST with logs in its body, on any path that is no other protocol's: one JSON value or several, lines, CSV with a header,
 * whatever the log types of the source understand. A body that says it is JSON is taken only if all of it is; anything else
 * is taken as it is, and what no log type takes goes to quarantine. `Idempotency-Key` names a request.
 */
export const createPlain = (options: RecordOptions): Protocol => ({
  name: 'plain',
  route({ method, path }) {
    if (method === 'GET' && path === '/health') return { open: true, handle: () => json(200, { status: 'ok' }) }
    if (method === 'POST') return { handle: (exchange) => take(exchange, options) }
    return { open: true, handle: () => refuse(405, 'Logs are sent with POST.', { headers: { allow: 'POST' } }) }
  },
  refuse: (_, refusal) => json(refusal.status, { error: refusal.reason }, refusalHeaders(refusal)),
})

function take(exchange: Exchange, options: RecordOptions): Outcome {
  const { body } = exchange
  if (body.length === 0) return refuse(400, 'The body is empty.')
  const type = (header(exchange, 'content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  const key = header(exchange, 'idempotency-key')
  const answer = json(200, { status: 'stored' })
  if (lineTypes.has(type)) return { entries: linesOf(body), ...(key && { key }), answer }
  if (type !== 'application/json' && !type.endsWith('+json')) {
    return { entries: [textEntry(exchange.sent)], ...(key && { key }), answer }
  }
  const parsed = [...split(body, 'json')].map(({ text }) => parseJson(text))
  const broken = parsed.flatMap((one, index) => ('value' in one ? [] : [{ index, reason: one.failure }]))
  if (broken.length > 0) {
    return {
      entries: [],
      refused: parsed.length,
      answer: json(400, { error: 'The body is not JSON; nothing of it was taken.', events: broken.slice(0, mostTold) }),
    }
  }
  const values = parsed.flatMap((one) => ('value' in one ? one.value : []))
  const entries: readonly SpoolEntry[] =
    options.text.length === 0
      ? [{ bytes: body, framing: 'json', records: values.length }]
      : values.map((value) => objectEntry(value, options))
  return { entries, ...(key && { key }), answer }
}

const lineTypes = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
])

function linesOf(body: Uint8Array): readonly SpoolEntry[] {
  let records = 0
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) records++
  if (body.at(-1) !== 10) records++
  return [{ bytes: body, framing: 'lines', records }]
}
