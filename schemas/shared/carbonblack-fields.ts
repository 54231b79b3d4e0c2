import { list, map, maybe } from '../../src/core/fields/spec.ts'

type Feed =
  | 'attackframework'
  | 'bit9endpointvisibility'
  | 'bit9suspiciousindicators'
  | 'nvd'
  | 'srsthreat'
  | 'srstrust'
  | 'tor'
  | 'virustotal'
  | 'virustotalconnector'

type Alliance = { readonly [K in `alliance_data_${Feed}`]: 'json?' } & {
  readonly [K in `alliance_${'link' | 'updated'}_${Feed}`]: 'string?'
} & { readonly [K in `alliance_score_${Feed}`]: 'integer?' }

/** What threat feeds say of a file: four fields for each feed that knows it. */
export const alliance = Object.fromEntries(
  ['attackframework', 'bit9endpointvisibility', 'bit9suspiciousindicators', 'nvd', 'srsthreat', 'srstrust', 'tor']
    .concat(['virustotal', 'virustotalconnector'])
    .flatMap((feed) => [
      [`alliance_data_${feed}`, 'json?'],
      [`alliance_link_${feed}`, 'string?'],
      [`alliance_score_${feed}`, 'integer?'],
      [`alliance_updated_${feed}`, 'string?'],
    ]),
) as Alliance // fromEntries forgets which keys it was given

/** The process that caused an event, on which machine. */
export const actor = {
  computer_name: 'string?',
  event_type: 'string?',
  sensor_id: 'integer?',
  pid: 'integer?',
  process_guid: 'string?',
  process_path: 'string?',
  md5: 'string?',
  sha256: 'string?',
  fork_pid: 'integer?',
} as const

export const tampering = { tamper: 'boolean?', tamper_sent: 'boolean?' } as const

export const indicator = {
  ioc_type: 'string?',
  ioc_value: 'string?',
  ioc_attr: 'json?',
  ioc_query_index: 'string?',
  ioc_query_string: 'string?',
} as const

export const feed = {
  feed_id: 'integer?',
  feed_name: 'string?',
  report_id: 'string?',
  report_score: 'integer?',
} as const

export const feedHit = {
  ...feed,
  ...indicator,
  cb_version: 'string?',
  server_name: 'string?',
  computer_name: 'string?',
  hostname: 'string?',
  group: 'string?',
  sensor_id: 'integer?',
  os_type: 'string?',
  from_feed_search: 'boolean?',
} as const

const alert = {
  ...feed,
  ...indicator,
  alert_severity: 'string?',
  alert_type: 'string?',
  assigned_to: 'string?',
  computer_name: 'string?',
  created_time: 'string?',
  feed_rating: 'float?',
  hostname: 'string?',
  ioc_confidence: 'float?',
  ioc_value_facet: 'string?',
  md5: 'string?',
  os_type: 'string?',
  resolved_time: 'string?',
  segment_id: 'string?',
  sensor_criticality: 'float?',
  sha256: 'string?',
  status: 'string?',
  unique_id: 'string?',
  watchlist_id: 'string?',
  watchlist_name: 'string?',
} as const

export const binaryAlert = {
  ...alert,
  digsig_result: 'string?',
  host_count: 'integer?',
  observed_filename: 'json?',
  observed_filename_total_count: 'integer?',
  other_hostnames: maybe(list('string')),
} as const

const activityCounts = {
  childproc_count: 'integer?',
  crossproc_count: 'integer?',
  filemod_count: 'integer?',
  modload_count: 'integer?',
  netconn_count: 'integer?',
  regmod_count: 'integer?',
} as const

export const processAlert = {
  ...alert,
  ...activityCounts,
  comms_ip: 'string?',
  group: 'string?',
  interface_ip: 'string?',
  process_guid: 'string?',
  process_id: 'string?',
  process_name: 'string?',
  process_path: 'string?',
  process_unique_id: 'string?',
  sensor_id: 'integer?',
  username: 'string?',
} as const

/** A file as Carbon Black describes it in search results. */
export const binaryDocument = {
  ...alliance,
  md5: 'string',
  cb_version: 'integer?',
  comments: 'string?',
  company_name: 'string?',
  copied_mod_len: 'integer?',
  digsig_issuer: 'string?',
  digsig_prog_name: 'string?',
  digsig_publisher: 'string?',
  digsig_result: 'string?',
  digsig_result_code: 'string?',
  digsig_sign_time: 'string?',
  digsig_subject: 'string?',
  endpoint: maybe(list('string')),
  event_partition_id: 'json?',
  facet_id: 'integer?',
  file_desc: 'string?',
  file_version: 'string?',
  group: maybe(list('string')),
  host_count: 'integer?',
  internal_name: 'string?',
  is_64bit: 'boolean?',
  is_executable_image: 'boolean?',
  last_seen: 'string?',
  legal_copyright: 'string?',
  observed_filename: 'json?',
  orig_mod_len: 'integer?',
  original_filename: 'string?',
  os_type: 'string?',
  product_name: 'string?',
  product_version: 'string?',
  server_added_timestamp: 'string?',
  signed: 'string?',
  timestamp: 'string?',
  watchlists: 'json?',
} as const

/** A process as Carbon Black describes it in search results. */
export const processDocument = {
  ...alliance,
  ...activityCounts,
  process_name: 'string',
  cmdline: 'string?',
  comms_ip: 'string?',
  computer_name: 'string?',
  emet_count: 'integer?',
  filtering_known_dlls: 'boolean?',
  group: 'string?',
  host_type: 'string?',
  hostname: 'string?',
  id: 'string?',
  interface_ip: 'string?',
  last_server_update: 'json?',
  last_update: 'string?',
  os_type: 'string?',
  parent_guid: 'string?',
  parent_id: 'string?',
  parent_md5: 'string?',
  parent_name: 'string?',
  parent_pid: 'integer?',
  parent_segment_id: 'integer?',
  parent_unique_id: 'string?',
  path: 'string?',
  process_guid: 'string?',
  process_md5: 'string?',
  process_pid: 'integer?',
  process_sha256: 'string?',
  processblock_count: 'integer?',
  segment_id: 'string?',
  sensor_id: 'integer?',
  start: 'string?',
  unique_id: 'string?',
  username: 'string?',
} as const

/** A file that was seen. */
export const observed = {
  md5: 'string',
  sha256: 'string?',
  scores: maybe(map('json')),
  watchlists: maybe(map('json')),
} as const

/** The process that an indicator matched. */
export const processOfHit = { process_guid: 'string?', process_id: 'string?', segment_id: 'string?' } as const

/** The process that another one reached into. */
export const target = {
  cross_process_type: 'string?',
  is_target: 'boolean?',
  target_create_time: 'string?',
  target_md5: 'string?',
  target_path: 'string?',
  target_pid: 'integer?',
  target_process_guid: 'string?',
  target_sha256: 'string?',
} as const

/** A process that starts or ends. */
export const lifetime = {
  ...actor,
  path: 'string?',
  command_line: 'string?',
  username: 'string?',
  uid: 'string?',
  expect_followon_w_md5: 'boolean?',
  filtering_known_dlls: 'boolean?',
  parent_create_time: 'integer?',
  parent_guid: 'string?',
  parent_md5: 'string?',
  parent_path: 'string?',
  parent_pid: 'integer?',
  parent_process_guid: 'string?',
  parent_sha256: 'string?',
} as const

export const watchlist = { watchlist_id: 'string?', watchlist_name: 'string?' } as const

/** What a watchlist found in the store, with the documents. */
export const storedHit = { ...watchlist, cb_version: 'string?', server_name: 'string?', docs: list('json') } as const
