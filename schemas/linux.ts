import { defineSchema } from '../src/core/schema.ts'
import { syslog } from '../src/parsers/index.ts'
import { syslogHead } from './shared/syslog.ts'

/** Takes every syslog line that no schema for a program takes. */
export const linuxSyslog = defineSchema({
  name: 'linux:syslog',
  description: 'Syslog lines of any program, RFC 3164 and RFC 5424.',
  parse: syslog(),
  fields: { ...syslogHead, message: 'string' },
  time: 'timestamp',
  priority: -10,
  normalise: { host: 'hostname', process: 'appname', process_id: 'procid' },
})
