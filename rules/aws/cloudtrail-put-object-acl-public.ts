import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter, publicGroups, publicLists } from '../shared/aws.ts'
import { dig, mentions, several } from '../shared/data.ts'

/** Buckets whose objects are meant for the public. */
const ignored = ['example-bucket-to-ignore'] as const

export default defineRule({
  name: 'cloudtrail-put-object-acl-public',
  description: 'An object in S3 was opened to everybody, or to everybody with an AWS account.',
  severity: 'medium',
  schemas: [cloudwatchEvents],
  where: {
    'detail.eventName': 'PutObjectAcl',
    'detail.requestParameters.bucketName': { not: { oneOf: ignored } },
  },
  match: ({ detail }) =>
    mentions(dig(detail, 'requestParameters'), publicGroups) ||
    several(dig(detail, 'requestParameters', 'x-amz-acl')).some((list) => publicLists.some((name) => name === list)),
  title: ({ detail }) =>
    attempt(
      detail,
      `opened ${parameter(detail, 'bucketName')}/${parameter(detail, 'key')} to everybody`,
      `open ${parameter(detail, 'bucketName')}/${parameter(detail, 'key')} to everybody`,
    ),
  context: ({ detail }) => callContext(detail),
  merge: { by: ['detail.requestParameters.bucketName'], window: '1h' },
  tags: ['community', 'aws', 'exposure'],
  attack: ['T1530', 'T1537'],
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html'],
  runbook:
    '1. See what the object holds. 2. If it is not meant for the public, set its access list to private. 3. Look at who fetched it since. 4. Add buckets that are public on purpose to the list at the head of the rule.',
  falsePositives: ['Files that a website offers for download.'],
})
