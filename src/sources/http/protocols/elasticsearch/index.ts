import {
  type Answer,
  type Exchange,
  isRefused,
  json,
  type Outcome,
  type Protocol,
  type RecordOptions,
  type Refusal,
  refusalHeaders,
} from '../../exchange.ts'
import { bulk } from './bulk.ts'
import { stubOf } from './stubs.ts'

/**
 * As much of Elasticsearch as agents need to deliver: `_bulk`, and what Beats, Logstash, Fluent Bit and Vector ask before it.
 * https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 */
export const createElasticsearch = (options: RecordOptions): Protocol => ({
  name: 'elasticsearch',
  route(head) {
    const isBulk = /^(?:\/[^/_][^/]*)?\/_bulk$/.test(head.path) && (head.method === 'POST' || head.method === 'PUT')
    const handle = isBulk ? (exchange: Exchange) => bulk(exchange, options) : stubOf(head)
    return handle && { handle: (exchange) => marked(handle(exchange)) }
  },
  refuse: (_, refusal) => failure(refusal),
})

/** Clients of Elastic refuse to talk to a server without it. */
const product = { 'x-elastic-product': 'Elasticsearch' }

function marked(outcome: Outcome): Outcome {
  if (isRefused(outcome)) return outcome
  const mark = (answer: Answer) => ({ ...answer, headers: { ...answer.headers, ...product } })
  return 'entries' in outcome ? { ...outcome, answer: mark(outcome.answer) } : mark(outcome)
}

const types: Readonly<Record<number, string>> = {
  401: 'security_exception',
  403: 'security_exception',
  429: 'es_rejected_execution_exception',
}

function failure(refusal: Refusal): Answer {
  const { status, reason } = refusal
  const error = { type: types[status] ?? 'illegal_argument_exception', reason }
  return json(status, { error: { ...error, root_cause: [error] }, status }, { ...product, ...refusalHeaders(refusal) })
}
