import { defineSchema } from 'streamalert'
import { keyValue } from 'streamalert/parsers'

/** The office firewall. Only what rules need is declared; all other fields are kept as they come. */
export const officeFirewall = defineSchema({
  name: 'office:firewall',
  description: 'Traffic log of the office firewall, key-value pairs.',
  parse: keyValue(),
  fields: {
    devname: 'string',
    eventtime: 'timestamp',
    type: 'string',
    srcip: 'ip',
    dstip: 'ip',
    dstport: 'integer',
    dstintfrole: 'string',
    dstcountry: 'string?',
    service: 'string',
    action: 'string',
    sentbyte: 'integer',
    rcvdbyte: 'integer',
  },
  time: 'eventtime',
  patterns: { type: 'traffic' },
  normalise: { source_ip: 'srcip', destination_ip: 'dstip', destination_port: 'dstport' },
})
