import type { Fields } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { fortinetPairs } from './shared/fortinet-pairs.ts'

/** What all logs carry. https://docs.fortinet.com/document/fortigate/latest/fortios-log-message-reference */
const head = {
  type: 'string',
  subtype: 'string',
  logid: 'string',
  /** When it happened: `eventtime`, else `date`, `time` and `tz`. */
  timestamp: 'string?',
  date: 'string?',
  time: 'string?',
  /** Epoch seconds, from FortiOS 7 on nanoseconds. */
  eventtime: 'string?',
  tz: 'string?',
  devname: 'string?',
  devid: 'string?',
  vd: 'string?',
  level: 'string?',
  srcip: 'string?',
  srcport: 'integer?',
  srcintf: 'string?',
  srcintfrole: 'string?',
  srccountry: 'string?',
  dstip: 'string?',
  dstport: 'integer?',
  dstintf: 'string?',
  dstintfrole: 'string?',
  dstcountry: 'string?',
  sessionid: 'string?',
  proto: 'integer?',
  action: 'string?',
  policyid: 'integer?',
  service: 'string?',
  user: 'string?',
  group: 'string?',
  authserver: 'string?',
  msg: 'string?',
} as const

function log<const F extends Fields>(
  type: string,
  description: string,
  fields: F,
  meaning: Readonly<Record<string, string | readonly string[]>>,
) {
  return defineSchema({
    name: `fortigate:${type}`,
    description,
    parse: fortinetPairs(),
    fields: { ...head, ...fields },
    time: 'timestamp',
    patterns: { type },
    normalise: {
      source_ip: 'srcip',
      source_port: 'srcport',
      destination_ip: 'dstip',
      destination_port: 'dstport',
      protocol: 'proto',
      user: 'user',
      host: 'devname',
      outcome: 'action',
      severity: 'level',
      ...meaning,
    },
  })
}

export const fortigateTraffic = log(
  'traffic',
  'FortiGate traffic log.',
  {
    sentbyte: 'integer?',
    rcvdbyte: 'integer?',
    sentpkt: 'integer?',
    rcvdpkt: 'integer?',
    duration: 'integer?',
    trandisp: 'string?',
    transip: 'string?',
    app: 'string?',
    appcat: 'string?',
    policyname: 'string?',
    policytype: 'string?',
    poluuid: 'string?',
    srcname: 'string?',
    srcmac: 'string?',
    osname: 'string?',
  },
  {},
)

export const fortigateUtm = log(
  'utm',
  'FortiGate security log: antivirus, web filter, intrusion prevention, application control.',
  {
    eventtype: 'string?',
    profile: 'string?',
    hostname: 'string?',
    url: 'string?',
    direction: 'string?',
    attack: 'string?',
    attackid: 'string?',
    severity: 'string?',
    virus: 'string?',
    filename: 'string?',
    filehash: 'string?',
    analyticscksum: 'string?',
    catdesc: 'string?',
    app: 'string?',
    apprisk: 'string?',
    agent: 'string?',
    ref: 'string?',
  },
  {
    domain: 'hostname',
    url: 'url',
    threat: ['attack', 'virus'],
    file_path: 'filename',
    file_hash: ['filehash', 'analyticscksum'],
    user_agent: 'agent',
  },
)

export const fortigateEvent = log(
  'event',
  'FortiGate event log: system, users, VPN, high availability.',
  {
    logdesc: 'string?',
    ui: 'string?',
    status: 'string?',
    reason: 'string?',
    remip: 'string?',
    tunneltype: 'string?',
    tunnelid: 'string?',
    cfgpath: 'string?',
    cfgattr: 'string?',
    cfgobj: 'string?',
    method: 'string?',
  },
  { source_ip: ['srcip', 'remip'], event_name: 'logdesc', outcome: ['status', 'action'], resource: 'cfgpath' },
)
