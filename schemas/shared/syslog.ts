import { map, maybe } from '../../src/core/fields/spec.ts'

/** What the syslog parser finds around a message, of either RFC. */
export const syslogHead = {
  timestamp: 'string?',
  hostname: 'string?',
  appname: 'string?',
  procid: 'string?',
  msgid: 'string?',
  priority: 'integer?',
  facility: 'integer?',
  severity: 'integer?',
  structured: maybe(map('json')),
  sequence: 'integer?',
} as const
