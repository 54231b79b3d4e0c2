import { defineSchema } from '../src/core/schema.ts'
import { pattern } from '../src/parsers/index.ts'

/** The native format. https://wiki.squid-cache.org/Features/LogFormat */
export const squidAccess = defineSchema({
  name: 'squid:access',
  description: "Squid access log in Squid's native format.",
  parse: pattern({
    pattern: String.raw`(?<timestamp>\d{9,11}\.\d{3}) +(?<elapsed>-?\d+) (?<client>\S+) (?<result>[A-Z_]+)/(?<status>\d{3}) (?<bytes>\d+) (?<method>\S+) (?<url>\S+) (?<user>\S+) (?<hierarchy>[A-Z_]+)/(?<peer>\S+) (?<content_type>\S+)(?: (?<rest>.*))?`,
    absent: ['-'],
  }),
  fields: {
    timestamp: 'string',
    elapsed: 'integer',
    client: 'string',
    result: 'string',
    status: 'integer',
    bytes: 'integer',
    method: 'string?',
    url: 'string?',
    user: 'string?',
    hierarchy: 'string?',
    peer: 'string?',
    content_type: 'string?',
    rest: 'string?',
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'client',
    destination_ip: 'peer',
    user: 'user',
    http_method: 'method',
    http_status: 'status',
    url: 'url',
    outcome: 'result',
  },
})
