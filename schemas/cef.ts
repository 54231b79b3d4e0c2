import { map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { cef } from '../src/parsers/index.ts'
import { syslogHead } from './shared/syslog.ts'

/** Takes the events of every product that writes CEF; a schema for one product adds a pattern on `deviceProduct`. */
export const cefEvents = defineSchema({
  name: 'cef:events',
  description: 'ArcSight Common Event Format of any product, with or without a syslog head.',
  parse: cef(),
  fields: {
    cefVersion: 'string',
    deviceVendor: 'string',
    deviceProduct: 'string',
    deviceVersion: 'string',
    deviceEventClassId: 'string',
    name: 'string',
    severity: 'string',
    extension: map('string'),
    labels: maybe(map('string')),
  },
  envelope: { ...syslogHead, prefix: 'string?' },
  time: 'extension.rt',
  normalise: {
    source_ip: 'extension.src',
    source_port: 'extension.spt',
    destination_ip: 'extension.dst',
    destination_port: 'extension.dpt',
    protocol: 'extension.proto',
    user: 'extension.suser',
    target_user: 'extension.duser',
    host: ['extension.dhost', 'extension.dvchost', 'envelope.hostname'],
    url: 'extension.request',
    user_agent: 'extension.requestClientApplication',
    file_path: 'extension.filePath',
    file_hash: 'extension.fileHash',
    event_name: 'name',
    outcome: ['extension.outcome', 'extension.act'],
    severity: 'severity',
  },
})
