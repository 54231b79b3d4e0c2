import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { dig, digText } from '../shared/data.ts'

export default defineRule({
  name: 'guard-duty-all',
  description: 'GuardDuty reports a finding.',
  // https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
  severity: ({ detail }) => {
    const level = Number(dig(detail, 'severity'))
    return level >= 9 ? 'critical' : level >= 7 ? 'high' : level >= 4 ? 'medium' : 'low'
  },
  schemas: [cloudwatchEvents],
  where: { 'detail-type': 'GuardDuty Finding' },
  title: ({ detail, account }) =>
    `GuardDuty, account ${account}: ${digText(detail, 'title') || digText(detail, 'type') || 'a finding'}`,
  context: ({ detail }) => ({
    type: digText(detail, 'type'),
    finding: digText(detail, 'id'),
    resource: digText(detail, 'resource', 'resourceType'),
    count: digText(detail, 'service', 'count'),
  }),
  merge: { by: ['account', 'detail.id'], window: '1d' },
  tags: ['community', 'aws'],
  references: ['https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html'],
  runbook:
    '1. Open the finding in GuardDuty and read what its type means. 2. Find the resource and its owner. 3. For findings of high severity, isolate the resource or lock the credentials before asking further. 4. Archive the finding when it is explained.',
  falsePositives: [
    'Findings of low severity, such as port scans of public addresses.',
    'Sample findings that somebody generated.',
  ],
})
