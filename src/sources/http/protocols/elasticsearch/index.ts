import { json, type Answer, type Protocol, type RecordOptions, refusalHeaders, type Refusal } from '../../exchange.ts'
import { bulk } from './bulk.ts'
import { stubOf } from './stubs.ts'

/**
 * As much of Elasticsearch as agents need to deliver: `_bulk`, and what Beats, Logstash, Fluent Bit and Vector ask before it.
 * https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 */
export const createElasticsearch = (options: RecordOptions): Protocol => ({
  name: 'elasticsearch',
  route(head) {
    if (/^(?:\/[^/_][^/]*)?\/_bulk$/.test(head.path) && (head.method === 'POST' || head.method === 'PUT')) {
      return {
        handle(exchange) {
          const intake = bulk(exchange, options)
          return { ...intake, answer: marked(intake.answer) }
        },
      }
    }
    const stub = stubOf(head)
    return stub && { handle: () => marked(stub) }
  },
  refuse: (_, refusal) => failure(refusal),
})

/** Clients of Elastic refuse to talk to a server without it. */
const product = { 'x-elastic-product': 'Elasticsearch' }

const marked = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, ...product } })

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
