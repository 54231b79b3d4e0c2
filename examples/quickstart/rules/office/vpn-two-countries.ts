import { defineRule } from 'streamalert'
import { officeVpn } from '../../schemas/vpn.ts'

export default defineRule({
  name: 'vpn-two-countries',
  description: 'The same user came in by VPN from two countries within an hour.',
  severity: 'high',
  schemas: [officeVpn],
  threshold: { count: 2, per: ['user'], window: '1h', distinct: 'country' },
  attack: ['T1133'],
  match: (record) => record.result === 'success',
  title: (record) => `${record.user} is in two countries at once`,
  context: (record) => ({ country: record.country, address: record.source_ip, device: record.device }),
})
