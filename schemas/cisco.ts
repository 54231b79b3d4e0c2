import { defineSchema } from '../src/core/schema.ts'
import { pattern, syslog } from '../src/parsers/index.ts'
import { syslogHead } from './shared/syslog.ts'

/** `interface:address/port`, with the mapped address or the user in brackets. */
const end = (name: string) =>
  String.raw`(?<${name}_interface>[^:\s]+):(?<${name}_ip>[^\s/(]+)(?:/(?<${name}_port>\d+))?(?: ?\([^)]*\))*`

/** https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/asa-syslog.html */
const message = pattern({
  as: 'event',
  pattern: {
    // In an outbound connection the far end stands first.
    built_inbound: String.raw`Built inbound (?<protocol>\S+) connection (?<connection>\d+) for ${end('source')} to ${end('destination')}(?<detail>.*)`,
    built_outbound: String.raw`Built outbound (?<protocol>\S+) connection (?<connection>\d+) for ${end('destination')} to ${end('source')}(?<detail>.*)`,
    teardown: String.raw`Teardown (?<protocol>\S+) connection (?<connection>\d+) for ${end('from')}(?: [^\s(]+|) to ${end('to')}(?: [^\s(]+|) duration (?<duration>[\d:]+) bytes (?<bytes>\d+)(?<detail>.*)`,
    deny: String.raw`Deny (?<protocol>\S+) src ${end('source')} dst ${end('destination')}(?: \(?type \d+, code \d+[),]*)? by access-group "(?<access_list>[^"]+)"(?<detail>.*)`,
    deny_from: String.raw`Deny (?:inbound )?(?<protocol>\S+)(?: \([^)]*\))? from (?<source_ip>[^\s/]+)/(?<source_port>\d+) to (?<destination_ip>[^\s/]+)/(?<destination_port>\d+)(?<detail>.*)`,
    access_list: String.raw`access-list (?<access_list>\S+) (?<verdict>permitted|denied|est-allowed) (?<protocol>\S+) (?<source_interface>[^\s/]+)/(?<source_ip>[^\s(]+)\((?<source_port>\d+)\)(?: ?\([^)]*\))* -> (?<destination_interface>[^\s/]+)/(?<destination_ip>[^\s(]+)\((?<destination_port>\d+)\)(?<detail>.*)`,
    login: String.raw`Login (?<verdict>permitted|denied) from (?<source_ip>[^\s/]+)/(?<source_port>\d+) to (?<destination_interface>[^:\s]+):(?<destination_ip>[^\s/]+)/(?<service>\S+) for user "(?<user>[^"]*)"(?<detail>.*)`,
    aaa: String.raw`AAA user (?<detail>authentication|authorization) (?<verdict>Successful|Rejected) ?: (?:reason = (?<reason>[^:]*) ?: )?(?:local database|server = +(?<server>\S+)) ?: user = (?<user>[^:]*?)(?: : user IP = (?<source_ip>\S+))?`,
    command: String.raw`User '(?<user>[^']*)'(?:, running '[^']*' from IP (?<source_ip>[^\s,]+),)? executed (?:the )?'(?<command>.*)'(?: command)?\.?`,
    other: '.*',
  },
})

export const ciscoAsa = defineSchema({
  name: 'cisco:asa',
  description: 'Cisco ASA and Firepower Threat Defense through syslog.',
  parse: syslog({ app: ['ASA', 'FTD', 'PIX'], message, head: 'record' }),
  fields: {
    ...syslogHead,
    appname: 'string',
    msgid: 'string',
    message: 'string',
    /** Which message it is: `built_inbound`, `built_outbound`, `teardown`, `deny`, `deny_from`, `access_list`, `login`, `aaa`, `command`, `other`. */
    event: 'string',
    protocol: 'string?',
    connection: 'string?',
    source_interface: 'string?',
    source_ip: 'string?',
    source_port: 'integer?',
    destination_interface: 'string?',
    destination_ip: 'string?',
    destination_port: 'integer?',
    from_interface: 'string?',
    from_ip: 'string?',
    from_port: 'integer?',
    to_interface: 'string?',
    to_ip: 'string?',
    to_port: 'integer?',
    duration: 'string?',
    bytes: 'integer?',
    access_list: 'string?',
    verdict: 'string?',
    service: 'string?',
    server: 'string?',
    user: 'string?',
    command: 'string?',
    reason: 'string?',
    detail: 'string?',
  },
  time: 'timestamp',
  normalise: {
    source_ip: ['source_ip', 'from_ip'],
    source_port: ['source_port', 'from_port'],
    destination_ip: ['destination_ip', 'to_ip'],
    destination_port: ['destination_port', 'to_port'],
    protocol: 'protocol',
    user: 'user',
    command: 'command',
    host: 'hostname',
    event_name: 'msgid',
    outcome: ['verdict', 'event'],
  },
})
