import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Message } from '../core/contracts/index.ts'
import { asObject, cutValue, jsonOf } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'
import { field, overridesOf } from './shared/words.ts'

/** What the smallest OpenSearch domains of AWS take; Elasticsearch itself takes 100 MB. */
const longest = 10_000_000

const traits = {
  name: 'Elasticsearch',
  hints: {
    401: 'Is the API key or password right?',
    403: 'The key or user needs the privileges `create_doc` and `auto_configure` on the index.',
  },
}

/**
 * Creates a document with the alert's id, so that a repeat finds it there (409):
 * https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-create, the same in OpenSearch:
 * https://docs.opensearch.org/latest/api-reference/document-apis/index-document/
 *
 * Records of different rules have fields of one name and different types, and attackers choose names. A document that the index has
 * no place for is therefore sent once more, with the facts as fields and the whole alert as text in `message`.
 * Publishers may give `@elasticsearch.document`.
 */
export default defineOutput({
  name: 'elasticsearch',
  summary: 'Stores each alert as a document in Elasticsearch or OpenSearch.',
  setup: `An index or a data stream. Best map \`record\`, \`context\`, \`normalised\` and \`envelope\` as \`flattened\` (OpenSearch: \`flat_object\`):
records of all kinds fit then. In a data stream, a repeat after a rollover is a second document.`,
  config: z
    .strictObject({
      url: address('Address of the cluster: `https://es.example.com:9200`.'),
      index: z
        .string()
        .regex(/^(?![-_+.])[^A-Z\\/*?"<>| ,#:]{1,200}$/, 'is not the name of an index or data stream')
        .meta({ description: 'Index or data stream.' }),
      apiKey: secret('API key, in its encoded form.').optional(),
      username: text('User, instead of a key.').optional(),
      password: secret('Password of the user.').optional(),
    })
    .refine((config) => (config.username === undefined) === (config.password === undefined), {
      error: 'A username needs a password, and a password a username.',
    })
    .refine((config) => config.apiKey === undefined || config.username === undefined, {
      error: 'Give an apiKey or a username, not both.',
    }),
  examples: [
    {
      title: 'Elasticsearch, by an API key',
      config: { url: 'https://es.example.com:9200', index: 'alerts', apiKey: 'secret:ES_API_KEY' },
    },
    {
      title: 'OpenSearch, by a user',
      config: {
        url: 'https://search.example.com',
        index: 'alerts',
        username: 'streamalert',
        password: 'secret:OPENSEARCH_PASSWORD',
      },
    },
  ],
  publisherKeys: { document: 'An object in place of the publication.' },
  concurrency: 4,
  create: ({ url, index, apiKey, username, password }, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const authorization =
        apiKey !== undefined
          ? `ApiKey ${await vendor.secret(apiKey)}`
          : username !== undefined && vendor.basic(username, await vendor.secret(password ?? ''))
      const base = await vendor.base(url)
      const create = (json: unknown, accept: (answer: unknown) => boolean) =>
        vendor.call({
          method: 'PUT',
          url: `${base}/${encodeURIComponent(index)}/_create/${encodeURIComponent(message.alert.id)}`,
          headers: authorization === false ? {} : { authorization },
          json,
          accept,
        })
      const answer = await create(documentOf(message), (given) => isThere(given) || hasNoPlace(given))
      if (hasNoPlace(answer)) await create(plainDocumentOf(message), isThere)
    },
  }),
})

const errorIn = (answer: unknown) => field(answer, 'error', 'type') ?? ''

const isThere = (answer: unknown) => errorIn(answer) === 'version_conflict_engine_exception'

/** A field of another type, too many fields, names that no field may have, nested too deeply. */
const hasNoPlace = (answer: unknown) =>
  /^(document_parsing|mapper_parsing|strict_dynamic_mapping|illegal_argument|parsing|parse|x_content_parse)_exception$/.test(
    errorIn(answer),
  )

function documentOf({ alert, publication }: Message): Readonly<Record<string, unknown>> {
  const own = overridesOf(publication, 'elasticsearch').object('document') ?? publication
  return { '@timestamp': alert.createdAt, ...cutValue(own, longest, alert.id) }
}

function plainDocumentOf({ alert, publication }: Message): Readonly<Record<string, unknown>> {
  const { id, rule, severity, title, cluster, source, schema, createdAt } = alert
  const message = jsonOf(cutValue(asObject(publication), longest / 2, id))
  return { '@timestamp': createdAt, id, rule, severity, title, cluster, source, schema, message }
}
