import { expect, test } from 'vitest'
import { compileClassifier } from '../src/core/classify/index.ts'
import { schemas } from './index.ts'

const all = compileClassifier(schemas)
const namesOf = (text: string) =>
  all.classify(text, { first: true }).map((record) => ('schema' in record ? record.schema.name : record.message))

const words = (text: string) => text.trim().split(/\s+/)

test('every log type that the Python version shipped is there by the same name', () => {
  const carbonblack = words(`
    alert.status.updated alert.watchlist.hit.feedsearch.bin alert.watchlist.hit.ingress.binary
    alert.watchlist.hit.ingress.process alert.watchlist.hit.query.process audit binaryinfo.group.observed
    binaryinfo.host.observed binaryinfo.observed binarystore.file.added feed.ingress.hit.binary
    feed.ingress.hit.host feed.ingress.hit.process feed.query.hit.binary feed.query.hit.process
    feed.storage.hit.binary feed.storage.hit.process feed.synchronized ingress.event.childproc
    ingress.event.crossprocopen ingress.event.filemod ingress.event.module ingress.event.moduleload
    ingress.event.netconn ingress.event.processblock ingress.event.procend ingress.event.procstart
    ingress.event.regmod ingress.event.remotethread ingress.event.tamper watchlist.hit.binary
    watchlist.hit.ingress.binary watchlist.hit.process watchlist.storage.hit.binary watchlist.storage.hit.process
  `)
  const others = words(`
    aliyun:actiontrail binaryalert box:admin_events cloudtrail:digest cloudtrail:events cloudtrail:insight
    cloudwatch:cloudtrail cloudwatch:control_message cloudwatch:events cloudwatch:flow_logs cloudwatch:rds_aurora
    duo:administrator duo:authentication fleet:results ghe:general ghe:syslog gsuite:reports okta:logevents
    onelogin:events osquery:batch osquery:differential osquery:snapshot osquery:status packetbeat:dns
    packetbeat:flow pan slack:access slack:integration streamquery:version1 trendmicro:malwareevent
  `)
  const expected = [...carbonblack.map((name) => `carbonblack:${name}`), ...others]
  expect(expected).toHaveLength(65)
  expect(expected.filter((name) => !schemas.some((schema) => schema.name === name))).toEqual([])
})

// Test events of its users hold little and say `…` where a value does not matter to them.
const bare = (...names: string[]) => Object.fromEntries(names.map((name) => [name, '…']))
const call = bare(
  'eventVersion',
  'eventTime',
  'eventSource',
  'eventName',
  'awsRegion',
  'eventID',
  'eventType',
  'requestID',
)
const audit = '<190>Mar  5 08:00:00 ghe github_audit: {"actor":"…","action":"x","created_at":1,"from":"…","data":{}}'

const events: readonly (readonly [string, unknown])[] = [
  ['cloudtrail:events', { Records: [{ ...call, userIdentity: {} }] }],
  [
    'cloudtrail:events',
    { Records: [{ ...call, userIdentity: { type: 'Root' }, requestParameters: { a: { b: [] } } }] },
  ],
  ['cloudtrail:events', { ...call, userIdentity: { type: 'Root' } }],
  ['binaryalert', { FileInfo: { MD5: '…', S3Metadata: {} }, MatchedRules: { Rule1: {} }, NumMatchedRules: '1' }],
  [
    'carbonblack:ingress.event.procstart',
    { ...bare('cb_server', 'command_line', 'md5'), type: 'ingress.event.procstart' },
  ],
  ['duo:administrator', { ...bare('action', 'description', 'object', 'username'), timestamp: '1234567890' }],
  [
    'duo:authentication',
    { ...bare('factor', 'result', 'integration', 'username', 'reason'), timestamp: 0, location: {} },
  ],
  [
    'fleet:results',
    {
      ...bare('name', 'hostIdentifier', 'calendarTime'),
      unixTime: 1,
      action: 'added',
      columns: {},
      decorations: bare('host_uuid', 'hostname'),
    },
  ],
  [
    'osquery:differential',
    {
      ...bare('name', 'hostIdentifier', 'calendarTime', 'unixTime'),
      action: 'added',
      columns: { pid: 7 },
      decorations: { host_role: 'x' },
    },
  ],
  ['ghe:general', { ...bare('@timestamp', 'host', 'received_at'), '@version': '1', port: 1, tags: [], message: audit }],
  [
    'gsuite:reports',
    { kind: 'audit#activity', id: bare('applicationName', 'time'), actor: {}, events: [{ name: 'x' }] },
  ],
  [
    'okta:logevents',
    { ...bare('uuid', 'published', 'eventType'), actor: {}, target: [{ detailEntry: null }], request: { ipChain: [] } },
  ],
  ['onelogin:events', { id: 1, account_id: 1, event_type_id: 3, created_at: '…', actor_user_id: 987, user_id: null }],
  [
    'cloudwatch:events',
    { ...bare('id', 'detail-type', 'account', 'region', 'time'), source: 'aws.guardduty', detail: { severity: 2 } },
  ],
  [
    'cloudwatch:control_message',
    { messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logEvents: [{ id: '1', timestamp: 1, message: '…' }] },
  ],
  ['trendmicro:malwareevent', [{ ...bare('LogDate', 'MalwareName', 'Hostname'), EventType: 'AntiMalwareEvent' }]],
]

test.each(events)('%s: a bare record is still told apart', (name, record) => {
  expect(namesOf(JSON.stringify(record))).toEqual([name])
})
