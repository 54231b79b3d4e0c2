import { parseJson } from '../../../core/json.ts'
import { split } from '../../../core/split/index.ts'
import type { SpoolEntry } from '../../spool/index.ts'
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
} from '../exchange.ts'
import { field, fieldsOf, jsonEntry, objectEntry, recordEntry, textEntry } from '../records.ts'

/**
 * The HTTP Event Collector of Splunk. The record is what stands under `event`, a text or an object; with `envelope` it is the
 * whole of what was sent (host, source, sourcetype, index, time, fields, event). Codes and texts are Splunk's own:
 * https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data/troubleshoot-http-event-collector
 *
 * Events beside one that is invalid are taken; the answer names the first invalid one, as Splunk's does. A request with a channel is
 * answered with an id for `/ack`. An answer means that the events are durable, so every id that was given is acknowledged:
 * ids count on from the time of the start, and nothing about them is kept.
 */
export function createHec(options: RecordOptions, now: () => number): Protocol {
  let nextAck = now() * 1_000

  function stored(head: Head): Answer {
    return channelOf(head) === undefined ? status(0) : status(0, { ackId: nextAck++ })
  }

  /** Of all ids that are asked for, those that were given so far. */
  function acknowledge(exchange: Exchange): Outcome {
    if (channelOf(exchange) === undefined) return status(10)
    const parsed = parseJson(exchange.body.toString())
    const ids = 'value' in parsed ? field(parsed.value, 'acks') : undefined
    if (!Array.isArray(ids) || !ids.every((id) => Number.isSafeInteger(id))) return status(6)
    return json(200, { acks: Object.fromEntries(ids.map((id: number) => [id, id >= 0 && id < nextAck])) })
  }

  function events(exchange: Exchange): Outcome {
    const entries: SpoolEntry[] = []
    let index = 0
    let wrong: { readonly code: Code; readonly index: number } | undefined
    let refused = 0
    for (const value of valuesOf(exchange.body)) {
      const entry = value === undefined ? 6 : eventEntry(value, options)
      if (typeof entry !== 'number') entries.push(entry)
      else {
        wrong ??= { code: entry, index }
        refused++
      }
      index++
    }
    if (index === 0) return status(5)
    const answer = wrong ? status(wrong.code, { 'invalid-event-number': wrong.index }) : stored(exchange)
    return { entries, ...ofChannel(exchange), refused, answer }
  }

  function raw(exchange: Exchange): Outcome {
    if (exchange.body.length === 0) return status(5)
    return { entries: [textEntry(exchange.body)], ...ofChannel(exchange), answer: stored(exchange) }
  }

  return {
    name: 'hec',
    route({ method, path }) {
      const place = /^\/services\/collector(?:\/(event|raw|ack|health)(?:\/1\.0)?)?$/.exec(path)
      if (!place) return undefined
      const [, end = 'event'] = place
      if (end === 'health') return { open: true, handle: () => status(17) }
      if (method !== 'POST') return { open: true, handle: () => refuse(405, 'Method Not Allowed') }
      return { handle: end === 'event' ? events : end === 'raw' ? raw : acknowledge }
    },
    refuse(_, refusal) {
      const headers = refusalHeaders(refusal)
      const code = codeOf(refusal)
      if (code !== undefined)
        return { ...status(code), status: refusal.status === 429 ? 429 : replies[code][0], headers }
      return json(refusal.status, { text: refusal.reason, code: 6 }, headers)
    },
  }
}

const replies = {
  0: [200, 'Success'],
  2: [401, 'Token is required'],
  4: [403, 'Invalid token'],
  5: [400, 'No data'],
  6: [400, 'Invalid data format'],
  9: [503, 'Server is busy'],
  10: [400, 'Data channel is missing'],
  12: [400, 'Event field is required'],
  13: [400, 'Event field cannot be blank'],
  17: [200, 'HEC is healthy'],
} as const
type Code = keyof typeof replies

function status(code: Code, more: Readonly<Record<string, unknown>> = {}): Answer {
  const [http, text] = replies[code]
  return json(http, { text, code, ...more })
}

function codeOf({ status: http, anonymous }: Parameters<Protocol['refuse']>[1]): Code | undefined {
  if (http === 401) return anonymous ? 2 : 4
  return http === 429 ? 9 : undefined
}

const channelOf = (head: Head) => header(head, 'x-splunk-request-channel') ?? head.query.get('channel') ?? undefined

const ofChannel = (head: Head) => {
  const channel = channelOf(head)
  return channel === undefined ? {} : { channel }
}

function eventEntry(value: unknown, options: RecordOptions): SpoolEntry | Code {
  const event = field(value, 'event')
  if (event === undefined || event === null) return 12
  if (event === '') return 13
  if (options.envelope) return jsonEntry(value)
  if (typeof event === 'string') return recordEntry(event)
  return fieldsOf(event) ? objectEntry(event, options) : jsonEntry(event)
}

/** JSON objects one after another, or in a list; undefined for what is none. */
function* valuesOf(body: Uint8Array): Generator {
  for (const { text } of split(body, 'json')) {
    const parsed = parseJson(text)
    if (!('value' in parsed)) yield undefined
    else if (Array.isArray(parsed.value)) yield* parsed.value
    else yield parsed.value
  }
}
