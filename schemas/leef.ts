import { map } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { leef } from '../src/parsers/index.ts'
import { syslogHead } from './shared/syslog.ts'

/** Takes the events of every product that writes LEEF; a schema for one product adds a pattern on `product`. */
export const leefEvents = defineSchema({
  name: 'leef:events',
  description: 'IBM Log Event Extended Format of any product, with or without a syslog head.',
  parse: leef(),
  fields: {
    leefVersion: 'string',
    vendor: 'string',
    product: 'string',
    productVersion: 'string',
    eventId: 'string',
    attributes: map('string'),
  },
  envelope: { ...syslogHead, prefix: 'string?' },
  time: 'attributes.devTime',
  normalise: {
    source_ip: 'attributes.src',
    source_port: 'attributes.srcPort',
    destination_ip: 'attributes.dst',
    destination_port: 'attributes.dstPort',
    protocol: 'attributes.proto',
    user: 'attributes.usrName',
    host: ['attributes.identHostName', 'envelope.hostname'],
    url: 'attributes.url',
    event_name: 'eventId',
    severity: 'attributes.sev',
  },
})
