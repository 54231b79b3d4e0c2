import { defineSchema } from '../src/core/schema.ts'
import { pattern } from '../src/parsers/index.ts'
import { accessLine, accessMeaning, quoted, refererAndAgent } from './shared/weblog.ts'

/**
 * The format `main` of nginx's packages, which ends with X-Forwarded-For, and `combined`. A line of `combined` looks just
 * like one of Apache: where both schemas are candidates, it is taken for that.
 * https://nginx.org/en/docs/http/ngx_http_log_module.html
 */
export const nginxAccess = defineSchema({
  name: 'nginx:access',
  description: "nginx access log: the packages' format `main`, and `combined`.",
  parse: pattern({
    pattern: [
      String.raw`%{COMMONAPACHELOG}${refererAndAgent} "(?<forwarded_for>${quoted})"(?: (?<rest>.*))?`,
      `%{COMMONAPACHELOG}${refererAndAgent}(?: (?<rest>[^"].*))?`,
    ],
    absent: ['-'],
  }),
  fields: accessLine,
  time: 'timestamp',
  priority: -1,
  normalise: accessMeaning,
})

const errorHead = String.raw`(?<timestamp>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?<level>\w+)\] (?<pid>\d+)#(?<tid>\d+): (?:\*(?<connection>\d+) )?`

/** A text up to `, client: `, said so that it can be read in one way only: no part after a comma begins with c. */
const errorText = '(?<message>[^,]*(?:, [^c,][^,]*|,[^ ,][^,]*)*)'

/** https://nginx.org/en/docs/ngx_core_module.html#error_log */
export const nginxError = defineSchema({
  name: 'nginx:error',
  description: 'nginx error log.',
  parse: pattern({
    pattern: [
      `${errorHead}${errorText}, client: (?<client>[^,]+), server: (?<server>[^,]*)(?:, (?<rest>.*))?`,
      `${errorHead}(?<message>.*)`,
    ],
  }),
  fields: {
    timestamp: 'string',
    level: 'string',
    pid: 'integer',
    tid: 'integer',
    message: 'string',
    connection: 'integer?',
    client: 'string?',
    server: 'string?',
    rest: 'string?',
  },
  time: 'timestamp',
  normalise: { source_ip: 'client', severity: 'level', process_id: 'pid' },
})
