import type { Fields } from '../src/core/fields/spec.ts'
import { list, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { paloaltoLines } from './shared/paloalto-lines.ts'
import { syslogHead } from './shared/syslog.ts'

// The fields stand in the order of the columns. `reserved` columns are those that the vendor calls FUTURE_USE.
// https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions

const begin = {
  reserved1: 'string?',
  receive_time: 'string',
  serial: 'string',
  type: 'string',
  subtype: 'string',
  reserved2: 'string?',
  time_generated: 'string',
} as const

const session = {
  ...begin,
  src: 'string',
  dst: 'string',
  natsrc: 'string?',
  natdst: 'string?',
  rule: 'string?',
  srcuser: 'string?',
  dstuser: 'string?',
  app: 'string?',
  vsys: 'string?',
  from: 'string?',
  to: 'string?',
  inbound_if: 'string?',
  outbound_if: 'string?',
  logset: 'string?',
  reserved3: 'string?',
  sessionid: 'string?',
  repeatcnt: 'integer?',
  sport: 'integer?',
  dport: 'integer?',
  natsport: 'integer?',
  natdport: 'integer?',
  flags: 'string?',
  proto: 'string?',
  action: 'string?',
} as const

const sessionMeaning = {
  source_ip: 'src',
  source_port: 'sport',
  destination_ip: 'dst',
  destination_port: 'dport',
  protocol: 'proto',
  user: 'srcuser',
  target_user: 'dstuser',
  outcome: 'action',
} as const

/** `atLeast`: columns that the oldest versions write; `more` takes those that newer ones add. */
function log<const F extends Fields>(
  type: string,
  description: string,
  fields: F,
  atLeast: number,
  meaning: Readonly<Record<string, string | readonly string[]>>,
) {
  return defineSchema({
    name: `paloalto:${type}`,
    description,
    parse: paloaltoLines({ type: type.toUpperCase(), atLeast }),
    fields: { ...fields, more: maybe(list('string')) },
    envelope: syslogHead,
    time: 'time_generated',
    patterns: { type: type.toUpperCase() },
    normalise: { host: 'envelope.hostname', ...meaning },
  })
}

export const paloaltoTraffic = log(
  'traffic',
  'Palo Alto Networks traffic log, through syslog or alone.',
  {
    ...session,
    bytes: 'integer?',
    bytes_sent: 'integer?',
    bytes_received: 'integer?',
    packets: 'integer?',
    start: 'string?',
    elapsed: 'integer?',
    category: 'string?',
    reserved4: 'string?',
    seqno: 'string?',
    actionflags: 'string?',
    srcloc: 'string?',
    dstloc: 'string?',
    reserved5: 'string?',
    pkts_sent: 'integer?',
    pkts_received: 'integer?',
    session_end_reason: 'string?',
  },
  45,
  sessionMeaning,
)

export const paloaltoThreat = log(
  'threat',
  'Palo Alto Networks threat log (antivirus, vulnerability, URL, WildFire …), through syslog or alone.',
  {
    ...session,
    /** URL or file name. */
    misc: 'string?',
    threatid: 'string?',
    category: 'string?',
    severity: 'string?',
    direction: 'string?',
    seqno: 'string?',
    actionflags: 'string?',
    srcloc: 'string?',
    dstloc: 'string?',
    reserved4: 'string?',
    contenttype: 'string?',
    pcap_id: 'string?',
    filedigest: 'string?',
    cloud: 'string?',
    url_idx: 'string?',
    user_agent: 'string?',
    filetype: 'string?',
    xff: 'string?',
    referer: 'string?',
    sender: 'string?',
    subject: 'string?',
    recipient: 'string?',
    reportid: 'string?',
  },
  38,
  {
    ...sessionMeaning,
    threat: 'threatid',
    severity: 'severity',
    url: 'misc',
    file_hash: 'filedigest',
    user_agent: 'user_agent',
  },
)

export const paloaltoSystem = log(
  'system',
  'Palo Alto Networks system log, through syslog or alone.',
  {
    ...begin,
    vsys: 'string?',
    eventid: 'string',
    object: 'string?',
    reserved3: 'string?',
    reserved4: 'string?',
    module: 'string?',
    severity: 'string?',
    opaque: 'string?',
    seqno: 'string?',
    actionflags: 'string?',
  },
  15,
  { event_name: 'eventid', severity: 'severity', resource: 'object' },
)

export const paloaltoConfig = log(
  'config',
  'Palo Alto Networks configuration log, through syslog or alone.',
  {
    ...begin,
    host: 'string?',
    vsys: 'string?',
    cmd: 'string',
    admin: 'string',
    client: 'string?',
    result: 'string?',
    path: 'string?',
    /** Before and after the change where the device is told to log them, else the sequence number and flags. */
    detail1: 'string?',
    detail2: 'string?',
    detail3: 'string?',
    detail4: 'string?',
  },
  16,
  { source_ip: 'host', user: 'admin', event_name: 'cmd', outcome: 'result', resource: 'path' },
)
