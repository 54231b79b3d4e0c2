import { list, map, maybe } from '../src/core/fields/spec.ts'
import { documents, event } from './shared/carbonblack.ts'
import {
  actor,
  alliance,
  binaryAlert,
  binaryDocument,
  feed,
  feedHit,
  indicator,
  lifetime,
  observed,
  processAlert,
  processDocument,
  processOfHit,
  storedHit,
  tampering,
  target,
  watchlist,
} from './shared/carbonblack-fields.ts'

export const carbonblackAlertStatusUpdated = event('alert.status.updated', 'an alert was resolved or reopened.', {
  ...indicator,
  alert_resolution: 'string?',
  feed_name: 'string?',
  report_id: 'json?',
})

export const carbonblackAlertWatchlistHitFeedsearchBin = event(
  'alert.watchlist.hit.feedsearch.bin',
  'alert on a file that a search of a feed found.',
  binaryAlert,
  { type: 'alert.watchlist.hit.feedsearch.bin*' },
)

export const carbonblackAlertWatchlistHitIngressBinary = event(
  'alert.watchlist.hit.ingress.binary',
  'alert on a file as it was seen.',
  binaryAlert,
)

export const carbonblackAlertWatchlistHitIngressProcess = event(
  'alert.watchlist.hit.ingress.process',
  'alert on a process as it was seen.',
  processAlert,
)

export const carbonblackAlertWatchlistHitQueryProcess = event(
  'alert.watchlist.hit.query.process',
  'alert on a process that a watchlist query found.',
  { ...processAlert, ...alliance },
)

export const carbonblackAudit = event(
  'audit',
  "log of the server's own users.",
  { message: 'string' },
  { timed: false },
)

export const carbonblackBinaryinfoObserved = event(
  'binaryinfo.observed',
  'a file was seen for the first time.',
  observed,
)

export const carbonblackBinaryinfoGroupObserved = event(
  'binaryinfo.group.observed',
  'a file was seen for the first time in a sensor group.',
  { ...observed, group: 'string?' },
)

export const carbonblackBinaryinfoHostObserved = event(
  'binaryinfo.host.observed',
  'a file was seen for the first time on a host.',
  { ...observed, computer_name: 'string?', hostname: 'string?', sensor_id: 'integer?' },
)

export const carbonblackBinarystoreFileAdded = event('binarystore.file.added', 'a copy of a file was stored.', {
  md5: 'string',
  file_path: 'string?',
  size: 'integer?',
  compressed_size: 'integer?',
  node_id: 'string?',
})

export const carbonblackFeedIngressHitBinary = event(
  'feed.ingress.hit.binary',
  'an indicator of a feed matched a file as it was seen.',
  { ...feedHit, md5: 'string?' },
)

export const carbonblackFeedIngressHitHost = event(
  'feed.ingress.hit.host',
  'an indicator of a feed matched on a host.',
  feedHit,
)

export const carbonblackFeedIngressHitProcess = event(
  'feed.ingress.hit.process',
  'an indicator of a feed matched a process as it was seen.',
  { ...feedHit, ...processOfHit },
)

export const carbonblackFeedQueryHitBinary = documents(
  'feed.query.hit.binary',
  'files that the query of a feed found.',
  binaryDocument,
  'server_added_timestamp',
  { ...feed, ...indicator, md5: 'string?' },
)

export const carbonblackFeedQueryHitProcess = documents(
  'feed.query.hit.process',
  'processes that the query of a feed found.',
  processDocument,
  'last_update',
  { ...feedHit, ...processOfHit, comms_ip: 'string?', interface_ip: 'string?' },
)

export const carbonblackFeedStorageHitBinary = event(
  'feed.storage.hit.binary',
  'an indicator of a feed matched a stored file.',
  { ...feedHit, md5: 'string?', sha256: 'string?', docs: list('json') },
)

export const carbonblackFeedStorageHitProcess = event(
  'feed.storage.hit.process',
  'an indicator of a feed matched a stored process.',
  { ...feedHit, ...processOfHit, comms_ip: 'string?', interface_ip: 'string?', docs: list('json') },
)

export const carbonblackFeedSynchronized = event('feed.synchronized', 'a feed was brought up to date.', {
  feed_id: 'integer?',
  feed_name: 'string',
  feed_update_time: 'string?',
  scan_start_time: 'string?',
})

export const carbonblackIngressEventChildproc = event(
  'ingress.event.childproc',
  'a process started or ended a child.',
  {
    ...actor,
    ...tampering,
    path: 'string?',
    parent_guid: 'string?',
    created: 'boolean?',
    child_command_line: 'string?',
    child_pid: 'integer?',
    child_process_guid: 'string?',
    child_suppressed: 'boolean?',
    child_username: 'string?',
    childproc_type: 'string?',
  },
)

export const carbonblackIngressEventCrossprocopen = event(
  'ingress.event.crossprocopen',
  'a process opened another process.',
  { ...actor, ...target, requested_access: 'integer?' },
)

export const carbonblackIngressEventFilemod = event('ingress.event.filemod', 'a process changed a file.', {
  ...actor,
  ...tampering,
  path: 'string',
  action: 'string?',
  actiontype: 'integer?',
  filetype: 'integer?',
  filetype_name: 'string?',
  file_md5: 'string?',
  file_sha256: 'string?',
})

export const carbonblackIngressEventModule = event('ingress.event.module', 'a file was described for the first time.', {
  computer_name: 'string?',
  event_type: 'string?',
  sensor_id: 'integer?',
  md5: 'string',
  sha256: 'string?',
  size: 'integer?',
  digsig: maybe(map('json')),
  icon: 'string?',
  image_file_header: 'string?',
  utf8_comments: 'string?',
  utf8_company_name: 'string?',
  utf8_copied_module_length: 'integer?',
  utf8_file_description: 'string?',
  utf8_file_version: 'string?',
  utf8_internal_name: 'string?',
  utf8_legal_copyright: 'string?',
  utf8_legal_trademark: 'string?',
  utf8_on_disk_filename: 'string?',
  utf8_original_file_name: 'string?',
  utf8_private_build: 'string?',
  utf8_product_description: 'string?',
  utf8_product_name: 'string?',
  utf8_product_version: 'string?',
  utf8_special_build: 'string?',
})

export const carbonblackIngressEventModuleload = event('ingress.event.moduleload', 'a process loaded a library.', {
  ...actor,
  path: 'string',
})

export const carbonblackIngressEventNetconn = event('ingress.event.netconn', 'a process used the network.', {
  ...actor,
  direction: 'string?',
  domain: 'string?',
  protocol: 'string?',
  ipv4: 'string?',
  port: 'integer?',
  local_ip: 'string?',
  local_port: 'integer?',
  remote_ip: 'string?',
  remote_port: 'integer?',
  proxy: 'boolean?',
  proxy_domain: 'string?',
  proxy_ip: 'string?',
  proxy_port: 'integer?',
})

export const carbonblackIngressEventProcstart = event('ingress.event.procstart', 'a process started.', lifetime)

export const carbonblackIngressEventProcend = event('ingress.event.procend', 'a process ended.', lifetime)

export const carbonblackIngressEventProcessblock = event('ingress.event.processblock', 'a process was blocked.', {
  ...actor,
  path: 'string?',
  command_line: 'string?',
  username: 'string?',
  uid: 'string?',
  blocked_event: 'string?',
  blocked_reason: 'string?',
  blocked_result: 'string?',
  process_create_time: 'integer?',
})

export const carbonblackIngressEventRegmod = event(
  'ingress.event.regmod',
  'a process changed the registry.',
  { ...actor, ...tampering, path: 'string', action: 'string?', actiontype: 'integer?' },
  { pathMeans: 'registry_key' },
)

export const carbonblackIngressEventRemotethread = event(
  'ingress.event.remotethread',
  'a process started a thread in another process.',
  { ...actor, ...target },
)

export const carbonblackIngressEventTamper = event('ingress.event.tamper', 'someone tampered with the sensor.', {
  computer_name: 'string?',
  event_type: 'string?',
  sensor_id: 'integer?',
  tamper_type: 'string?',
})

export const carbonblackWatchlistHitBinary = documents(
  'watchlist.hit.binary',
  'files that a watchlist found.',
  binaryDocument,
  'server_added_timestamp',
  watchlist,
)

export const carbonblackWatchlistHitProcess = documents(
  'watchlist.hit.process',
  'processes that a watchlist found.',
  processDocument,
  'last_update',
  watchlist,
)

export const carbonblackWatchlistHitIngressBinary = event(
  'watchlist.hit.ingress.binary',
  'a watchlist matched a file as it was seen.',
  binaryAlert,
)

export const carbonblackWatchlistStorageHitBinary = event(
  'watchlist.storage.hit.binary',
  'a watchlist matched a stored file.',
  { ...storedHit, md5: 'string?' },
)

export const carbonblackWatchlistStorageHitProcess = event(
  'watchlist.storage.hit.process',
  'a watchlist matched a stored process.',
  { ...storedHit, ...processOfHit },
)
