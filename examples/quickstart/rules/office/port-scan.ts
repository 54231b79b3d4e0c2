import { defineRule } from 'streamalert'
import { fortigateTraffic } from 'streamalert/schemas'

export default defineRule({
  name: 'port-scan',
  description:
    'One machine tried many different ports in a few minutes and the firewall refused: somebody looks for a way in.',
  severity: 'medium',
  schemas: [fortigateTraffic],
  clusters: ['office'],
  threshold: { count: 15, per: ['srcip'], window: '5m', distinct: 'dstport' },
  attack: ['T1046'],
  match: (record) => record.action === 'deny',
  title: (record) => `${record.srcip} scans ports of ${record.dstip}`,
  context: (record) => ({ firewall: record.devname, target: record.dstip }),
})
