import { defineSchema } from '../src/core/schema.ts'
import { pattern, syslog } from '../src/parsers/index.ts'
import { syslogHead } from './shared/syslog.ts'

const begin = String.raw`(?<client>\S+):(?<client_port>\d+) \[(?<accept_date>[^\]]+)\] (?<frontend>\S+) (?<backend>[^\s/]+)/(?<server>\S+)`
const counts = String.raw`(?<connections>\S+) (?<queues>\S+)`

/** https://docs.haproxy.org/3.0/configuration.html#8.2 */
const message = pattern({
  as: 'format',
  absent: ['-'],
  pattern: {
    http: String.raw`${begin} (?<timers>\S+) (?<status>-?\d+) \+?(?<bytes_read>\d+) (?<request_cookie>\S+) (?<response_cookie>\S+) (?<termination>\S{4}) ${counts}(?: \{(?<request_headers>[^}]*)\})?(?: \{(?<response_headers>[^}]*)\})? "(?<request>[^"]*)(?:"(?: (?<rest>.*))?)?`,
    tcp: String.raw`${begin} (?<timers>\S+) \+?(?<bytes_read>\d+) (?<termination>\S{2}) ${counts}(?: (?<rest>.*))?`,
    other: '.*',
  },
})

export const haproxyLogs = defineSchema({
  name: 'haproxy:logs',
  description: 'HAProxy through syslog: HTTP and TCP log formats, and what the process itself says.',
  parse: syslog({ app: 'haproxy', message, head: 'record' }),
  fields: {
    ...syslogHead,
    appname: 'string',
    message: 'string',
    /** `http`, `tcp` or `other`. */
    format: 'string',
    client: 'string?',
    client_port: 'integer?',
    accept_date: 'string?',
    frontend: 'string?',
    backend: 'string?',
    server: 'string?',
    timers: 'string?',
    status: 'integer?',
    bytes_read: 'integer?',
    request_cookie: 'string?',
    response_cookie: 'string?',
    termination: 'string?',
    connections: 'string?',
    queues: 'string?',
    request_headers: 'string?',
    response_headers: 'string?',
    request: 'string?',
    rest: 'string?',
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'client',
    source_port: 'client_port',
    http_status: 'status',
    url: 'request',
    host: 'hostname',
    resource: ['frontend', 'backend'],
  },
})
