import { defineRule } from 'streamalert'
import { fortigateTraffic } from 'streamalert/schemas'

const gigabyte = 1e9

/** The firewall leaves the number out of what it denies. */
const sent = (record: { readonly sentbyte?: number | null | undefined }) => record.sentbyte ?? 0

export default defineRule({
  name: 'large-upload',
  description: 'A machine of the office sent more than a gigabyte to one place outside in one connection.',
  severity: (record) => (sent(record) > 10 * gigabyte ? 'high' : 'medium'),
  schemas: [fortigateTraffic],
  clusters: ['office'],
  attack: ['T1048'],
  match: (record) => record.dstintfrole === 'wan' && sent(record) > gigabyte,
  title: (record) => `${record.srcip} sent ${(sent(record) / gigabyte).toFixed(1)} GB to ${record.dstip}`,
  context: (record) => ({ service: record.service, country: record.dstcountry }),
})
