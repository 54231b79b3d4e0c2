import { parseJson } from '../../../../core/json.ts'
import { type Exchange, type Head, json, type Outcome, refuse } from '../../exchange.ts'
import { fieldsOf } from '../../records.ts'

/** The version that is claimed: agents choose by it what they ask for. */
const version = {
  number: '8.15.0',
  build_flavor: 'default',
  build_type: 'docker',
  build_hash: '0000000000000000000000000000000000000000',
  build_date: '2024-08-05T00:00:00.000000000Z',
  build_snapshot: false,
  lucene_version: '9.11.1',
  minimum_wire_compatibility_version: '7.17.0',
  minimum_index_compatibility_version: '7.0.0',
}

const license = { status: 'active', uid: '00000000-0000-0000-0000-000000000000', type: 'basic' }

const answers: Readonly<Record<string, unknown>> = {
  '': {
    name: 'streamalert',
    cluster_name: 'streamalert',
    cluster_uuid: 'c3RyZWFtYWxlcnQtMDAwMA',
    version,
    tagline: 'You Know, for Search',
  },
  '/_license': {
    license: {
      ...license,
      issue_date_in_millis: 0,
      max_nodes: 1000,
      issued_to: 'streamalert',
      issuer: 'streamalert',
      start_date_in_millis: -1,
    },
  },
  '/_xpack': {
    build: { hash: version.build_hash, date: version.build_date },
    license: { uid: license.uid, type: 'basic', mode: 'basic', status: 'active' },
    features: { ilm: { available: false, enabled: false }, security: { available: true, enabled: true } },
    tagline: 'You know, for X',
  },
  '/_cluster/health': {
    cluster_name: 'streamalert',
    status: 'green',
    timed_out: false,
    number_of_nodes: 1,
    number_of_data_nodes: 1,
    active_primary_shards: 1,
    active_shards: 1,
    unassigned_shards: 0,
    active_shards_percent_as_number: 100,
  },
  '/_nodes': { _nodes: { total: 1, successful: 1, failed: 0 }, cluster_name: 'streamalert', nodes: {} },
  '/_cat/indices': [],
}

/** What agents look for and set up before they send: it is there already, and setting it up changes nothing. */
const managed =
  /^\/_(?:index_template|template|component_template|ilm\/policy|ingest\/pipeline|data_stream|alias)(?:\/|$)/

/** Names of indices, data streams and aliases: Beats look whether theirs is there, and make it. */
const index = /^\/[a-z0-9.%<][^/]*(?:\/_(?:alias|mapping|settings)(?:\/.*)?)?$/

const acknowledged = json(200, { acknowledged: true })
const found = json(200, {})

/** What an index is made of. Anything else that is put to the name of one is data, which must not seem to be taken. */
const parts = ['settings', 'mappings', 'aliases']

function makeIndex({ body }: Exchange): Outcome {
  const parsed = body.length === 0 ? { value: {} } : parseJson(body.toString())
  const fields = 'value' in parsed ? fieldsOf(parsed.value) : undefined
  if (fields && Object.keys(fields).every((name) => parts.includes(name))) return acknowledged
  return refuse(400, 'Documents are sent to _bulk.')
}

/** What answers to all but `_bulk`; undefined for what no agent asks. */
export function stubOf({ method, path }: Head): ((exchange: Exchange) => Outcome) | undefined {
  const reads = method === 'GET' || method === 'HEAD'
  const known = path.startsWith('/_nodes/') ? '/_nodes' : path
  if (reads && Object.hasOwn(answers, known)) return () => json(200, answers[known])
  if (reads && managed.test(path)) return () => (path.startsWith('/_index_template') ? templates(path) : found)
  if (method === 'PUT' && managed.test(path)) return () => acknowledged
  if (method === 'PUT' && index.test(path)) return makeIndex
  return method === 'HEAD' && index.test(path) ? () => found : undefined
}

const templates = (path: string) =>
  json(200, { index_templates: [{ name: path.split('/')[2] ?? '', index_template: {} }] })
