import { parseJson } from '../../../core/json.ts'
import { type Exchange, header, json, type Outcome, type Protocol, refusalHeaders, refuse } from '../exchange.ts'
import { jsonEntry, textEntry } from '../records.ts'
import type { RecordOptions } from '../exchange.ts'

/**
 * Webhooks of GitHub, on any path: told by `X-GitHub-Event`. The payload is the record; with `envelope` it is
 * `{event, delivery, payload}`, since the payload does not say which event it is of. A delivery that is sent again, by GitHub
 * or by a person there, has the same `X-GitHub-Delivery`.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
 */
export const createGithub = ({ envelope }: RecordOptions): Protocol => ({
  name: 'github',
  route(head) {
    const event = header(head, 'x-github-event')
    if (head.method !== 'POST' || event === undefined) return undefined
    return { handle: (exchange) => (event === 'ping' ? pong(exchange) : take(exchange, event, envelope)) }
  },
  refuse: (_, refusal) => json(refusal.status, { message: refusal.reason }, refusalHeaders(refusal)),
})

const pong = (exchange: Exchange): Outcome =>
  payloadOf(exchange) === undefined ? notJson : json(200, { message: 'pong' })

function take(exchange: Exchange, event: string, envelope: boolean): Outcome {
  const payload = payloadOf(exchange)
  if (payload === undefined) return notJson
  const delivery = header(exchange, 'x-github-delivery')
  const parsed = envelope ? parseJson(payload.toString()) : undefined
  const entry = parsed && 'value' in parsed ? jsonEntry({ event, delivery, payload: parsed.value }) : textEntry(payload)
  return { entries: [entry], ...(delivery && { key: delivery }), answer: json(202, { message: 'stored' }) }
}

const notJson = refuse(400, 'The payload is not JSON.')

/** The JSON, be it the body or a field of a form. */
function payloadOf({ headers, body }: Exchange): Buffer | undefined {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const text = isForm ? (new URLSearchParams(body.toString()).get('payload') ?? '') : body.toString()
  if (!('value' in parseJson(text))) return undefined
  return isForm ? Buffer.from(text) : body
}
