import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter, publicGroups, publicLists } from '../shared/aws.ts'

export default defineRule({
  name: 'cloudtrail-put-bucket-acl',
  description: 'The access list of a bucket names everybody, or everybody with an AWS account.',
  severity: 'high',
  schemas: [cloudwatchEvents],
  where: [
    {
      'detail.eventName': 'PutBucketAcl',
      'detail.requestParameters.AccessControlPolicy.AccessControlList.Grant.Grantee.URI': { oneOf: publicGroups },
    },
    { 'detail.eventName': 'PutBucketAcl', 'detail.requestParameters.x-amz-acl': { oneOf: publicLists } },
  ],
  title: ({ detail }) =>
    attempt(
      detail,
      `opened bucket ${parameter(detail, 'bucketName')} by its access list`,
      `open bucket ${parameter(detail, 'bucketName')} by its access list`,
    ),
  context: ({ detail }) => callContext(detail),
  tags: ['community', 'aws', 'exposure'],
  attack: ['T1530', 'T1537'],
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html'],
  runbook:
    '1. Take the grant away, and put the block on public access of the bucket on. 2. Ask the caller whether the bucket was meant to be public. 3. Look at GetObject and ListBucket calls from outside since.',
  falsePositives: ['Buckets that serve a website.'],
})
