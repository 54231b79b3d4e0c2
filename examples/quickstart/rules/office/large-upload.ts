import { defineRule } from 'streamalert'
import { officeFirewall } from '../../schemas/firewall.ts'

const gigabyte = 1e9

export default defineRule({
  name: 'large-upload',
  description: 'A machine of the office sent more than a gigabyte to one place outside in one connection.',
  severity: (record) => (record.sentbyte > 10 * gigabyte ? 'high' : 'medium'),
  schemas: [officeFirewall],
  clusters: ['office'],
  tags: ['attack.t1048'],
  match: (record) => record.dstintfrole === 'wan' && record.sentbyte > gigabyte,
  title: (record) => `${record.srcip} sent ${(record.sentbyte / gigabyte).toFixed(1)} GB to ${record.dstip}`,
  context: (record) => ({ service: record.service, country: record.dstcountry }),
})
