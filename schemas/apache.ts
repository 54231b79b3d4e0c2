import { defineSchema } from '../src/core/schema.ts'
import { pattern } from '../src/parsers/index.ts'
import { accessLine, accessMeaning, quoted, refererAndAgent } from './shared/weblog.ts'

const rest = String.raw`(?: (?<rest>[^"].*))?`

/** https://httpd.apache.org/docs/2.4/logs.html#accesslog */
export const apacheAccess = defineSchema({
  name: 'apache:access',
  description: 'Apache HTTP Server access log: common, combined, or combined with the virtual host first.',
  parse: pattern({
    pattern: [
      String.raw`(?<vhost>[^\s:]+:\d+) %{COMMONAPACHELOG}${refererAndAgent}${rest}`,
      `%{COMMONAPACHELOG}${refererAndAgent}${rest}`,
      '%{COMMONAPACHELOG}',
      // A line that the server cut off within the agent.
      `%{COMMONAPACHELOG} "(?<referer>${quoted})" "(?<agent>${quoted})`,
    ],
    absent: ['-'],
  }),
  fields: accessLine,
  time: 'timestamp',
  normalise: accessMeaning,
})

/** https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat */
export const apacheError = defineSchema({
  name: 'apache:error',
  description: 'Apache HTTP Server error log, version 2.4.',
  parse: pattern({
    pattern: String.raw`\[(?<timestamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [^\]]+)\] \[(?:(?<module>[\w.-]*):)?(?<level>\w+)\](?: \[pid (?<pid>\d+)(?::tid (?<tid>\d+))?\])?(?: \[(?:remote|client) (?<client>[^\]]+):(?<client_port>\d+)\])?(?: (?<code>AH\d+):)? (?<message>.*)`,
  }),
  fields: {
    timestamp: 'string',
    level: 'string',
    message: 'string',
    module: 'string?',
    pid: 'integer?',
    tid: 'string?',
    client: 'string?',
    client_port: 'integer?',
    code: 'string?',
  },
  time: 'timestamp',
  normalise: { source_ip: 'client', source_port: 'client_port', severity: 'level', process_id: 'pid' },
})
