import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { dig, digText } from '../shared/data.ts'

export default defineRule({
  name: 'aws-certificate-expiring',
  description: 'A certificate in AWS Certificate Manager expires soon, and is not renewed by itself.',
  severity: ({ detail }) => (Number(dig(detail, 'DaysToExpiry') ?? 0) <= 7 ? 'high' : 'low'),
  schemas: [cloudwatchEvents],
  where: {
    source: 'aws.acm',
    'detail-type': {
      oneOf: [
        'ACM Certificate Approaching Expiration',
        'ACM Certificate Expired',
        'ACM Certificate Renewal Action Required',
      ],
    },
  },
  title: ({ detail, 'detail-type': kind }) =>
    `Certificate of ${digText(detail, 'CommonName') || 'a site'}: ${kind.replace('ACM Certificate ', '').toLowerCase()}`,
  context: ({ detail, resources }) => ({ days: digText(detail, 'DaysToExpiry'), certificates: resources ?? [] }),
  merge: { by: ['resources'], window: '1d' },
  tags: ['aws', 'infrastructure'],
  references: ['https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html'],
  runbook:
    '1. See which sites use the certificate. 2. For a certificate of Amazon, put the DNS record back that proves the domain is yours. 3. For an imported one, order and import the next. 4. Delete it if nothing uses it.',
  falsePositives: ['Certificates that nothing uses any more.'],
})
