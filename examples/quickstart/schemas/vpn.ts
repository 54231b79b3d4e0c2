import { defineSchema } from 'streamalert'
import { csv } from 'streamalert/parsers'

/** Sessions of the VPN gateway: a CSV file whose first line names the columns. */
export const officeVpn = defineSchema({
  name: 'office:vpn',
  description: 'Sessions of the VPN gateway.',
  parse: csv({ header: true }),
  fields: {
    time: 'timestamp',
    user: 'string',
    source_ip: 'ip',
    country: 'string',
    device: 'string',
    result: 'string',
    reason: 'string?',
  },
  time: 'time',
  normalise: { source_ip: 'source_ip', user: 'user', host: 'device' },
})
