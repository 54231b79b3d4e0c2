import { type Answer, type Head, json } from '../../exchange.ts'

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
  '/_alias': {},
}

/** What agents look for and set up before they send: it is there already, and setting it up changes nothing. */
const managed = /^\/_(?:index_template|template|component_template|ilm\/policy|ingest\/pipeline|data_stream)(?:\/|$)/

/** Names of indices, data streams and aliases: Beats look whether theirs is there, and make it. */
const index = /^\/[a-z0-9.%<][^/]*(?:\/_(?:alias|mapping|settings)(?:\/.*)?)?$/

/** The answer to what is not `_bulk`; undefined for what no agent asks. */
export function stubOf({ method, path }: Head): Answer | undefined {
  const reads = method === 'GET' || method === 'HEAD'
  const known = /^(?:\/_nodes\/.*)$/.test(path) ? '/_nodes' : path
  if (reads && Object.hasOwn(answers, known)) return json(200, answers[known])
  if (reads && managed.test(path)) return json(200, path.startsWith('/_index_template') ? templates(path) : {})
  if (method === 'PUT' && (managed.test(path) || index.test(path)))
    return json(200, { acknowledged: true, errors: false })
  return method === 'HEAD' && index.test(path) ? json(200, {}) : undefined
}

const templates = (path: string) => ({ index_templates: [{ name: path.split('/')[2] ?? '', index_template: {} }] })
