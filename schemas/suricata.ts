import { type Fields, list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/** What all events of EVE carry. https://docs.suricata.io/en/latest/output/eve/eve-json-format.html */
const head = {
  timestamp: 'string',
  event_type: 'string',
  flow_id: 'string?',
  in_iface: 'string?',
  host: 'string?',
  src_ip: 'string?',
  src_port: 'integer?',
  dest_ip: 'string?',
  dest_port: 'integer?',
  proto: 'string?',
  app_proto: 'string?',
  tx_id: 'integer?',
  community_id: 'string?',
  vlan: 'json?',
  pcap_cnt: 'integer?',
  metadata: maybe(map('json')),
} as const

const httpFields = {
  hostname: 'string?',
  url: 'string?',
  http_method: 'string?',
  http_user_agent: 'string?',
  http_refer: 'string?',
  http_content_type: 'string?',
  protocol: 'string?',
  status: 'integer?',
  length: 'integer?',
} as const

const tlsFields = {
  sni: 'string?',
  version: 'string?',
  subject: 'string?',
  issuerdn: 'string?',
  serial: 'string?',
  fingerprint: 'string?',
  notbefore: 'string?',
  notafter: 'string?',
  ja3: maybe({ hash: 'string?', string: 'string?' }),
  ja3s: maybe({ hash: 'string?', string: 'string?' }),
  ja4: 'string?',
} as const

const flowFields = {
  pkts_toserver: 'integer?',
  pkts_toclient: 'integer?',
  bytes_toserver: 'integer?',
  bytes_toclient: 'integer?',
  start: 'string?',
  end: 'string?',
  age: 'integer?',
  state: 'string?',
  reason: 'string?',
  alerted: 'boolean?',
} as const

const ends = {
  source_ip: 'src_ip',
  source_port: 'src_port',
  destination_ip: 'dest_ip',
  destination_port: 'dest_port',
  protocol: 'proto',
} as const

function eve<const F extends Fields>(type: string, description: string, fields: F, meaning: Record<string, string>) {
  return defineSchema({
    name: `suricata:${type}`,
    description: `Suricata EVE: ${description}`,
    parse: json(),
    fields: { ...head, ...fields },
    time: 'timestamp',
    patterns: { event_type: type },
    normalise: { ...ends, ...meaning },
  })
}

export const suricataAlert = eve(
  'alert',
  'a rule matched.',
  {
    alert: {
      signature: 'string',
      signature_id: 'integer',
      action: 'string?',
      gid: 'integer?',
      rev: 'integer?',
      category: 'string?',
      severity: 'integer?',
      metadata: maybe(map('json')),
    },
    http: maybe(httpFields),
    tls: maybe(tlsFields),
    dns: maybe(map('json')),
    flow: maybe(flowFields),
    files: maybe(list(map('json'))),
    payload: 'string?',
    payload_printable: 'string?',
    packet: 'string?',
  },
  { threat: 'alert.signature', severity: 'alert.severity', outcome: 'alert.action', domain: 'http.hostname' },
)

export const suricataDns = eve(
  'dns',
  'a DNS query or answer.',
  {
    dns: {
      type: 'string?',
      id: 'integer?',
      tx_id: 'integer?',
      qr: 'boolean?',
      aa: 'boolean?',
      rd: 'boolean?',
      ra: 'boolean?',
      opcode: 'integer?',
      version: 'integer?',
      rrname: 'string?',
      rrtype: 'string?',
      rcode: 'string?',
      rdata: 'string?',
      ttl: 'integer?',
      flags: 'string?',
      queries: maybe(list({ rrname: 'string?', rrtype: 'string?' })),
      answers: maybe(list({ rrname: 'string?', rrtype: 'string?', rdata: 'json?', ttl: 'integer?' })),
      grouped: maybe(map('json')),
    },
  },
  { domain: 'dns.rrname', outcome: 'dns.rcode' },
)

export const suricataHttp = eve(
  'http',
  'an HTTP request with its response.',
  { http: httpFields },
  {
    domain: 'http.hostname',
    url: 'http.url',
    http_method: 'http.http_method',
    http_status: 'http.status',
    user_agent: 'http.http_user_agent',
  },
)

export const suricataTls = eve('tls', 'a TLS handshake.', { tls: tlsFields }, { domain: 'tls.sni' })

export const suricataFlow = eve('flow', 'a flow ended.', { flow: flowFields }, { outcome: 'flow.state' })

export const suricataFileinfo = eve(
  'fileinfo',
  'a file was transferred.',
  {
    fileinfo: {
      filename: 'string?',
      magic: 'string?',
      state: 'string?',
      stored: 'boolean?',
      size: 'integer?',
      tx_id: 'integer?',
      gaps: 'boolean?',
      md5: 'string?',
      sha1: 'string?',
      sha256: 'string?',
      mimetype: 'string?',
    },
    http: maybe(httpFields),
  },
  { file_path: 'fileinfo.filename', file_hash: 'fileinfo.sha256', domain: 'http.hostname' },
)

export const suricataEve = defineSchema({
  name: 'suricata:eve',
  description: 'Suricata EVE: events of all other types (ssh, smtp, anomaly, stats …).',
  parse: json(),
  fields: {
    ...head,
    anomaly: maybe(map('json')),
    stats: maybe(map('json')),
    netflow: maybe(map('json')),
    drop: maybe(map('json')),
    ssh: maybe(map('json')),
    smtp: maybe(map('json')),
    email: maybe(map('json')),
    ftp: maybe(map('json')),
    smb: maybe(map('json')),
    rdp: maybe(map('json')),
    krb5: maybe(map('json')),
    dhcp: maybe(map('json')),
    snmp: maybe(map('json')),
    quic: maybe(map('json')),
  },
  time: 'timestamp',
  patterns: {
    event_type: [
      'anomaly',
      'stats',
      'netflow',
      'drop',
      'ssh',
      'smtp',
      'ftp',
      'ftp_data',
      'smb',
      'nfs',
      'tftp',
      'rdp',
      'rfb',
    ]
      .concat(['krb5', 'dhcp', 'snmp', 'sip', 'mqtt', 'http2', 'pgsql', 'ike', 'quic', 'dcerpc', 'dnp3', 'modbus'])
      .concat([
        'bittorrent_dht',
        'template',
        'packet',
        'engine',
        'frame',
        'websocket',
        'ldap',
        'arp',
        'mdns',
        'telnet',
      ]),
  },
  normalise: ends,
})
