import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-s3-public-access-block-removed',
  description: 'The block on public access of a bucket was taken away: one careless policy now shows it to the world.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: { oneOf: ['DeleteBucketPublicAccessBlock', 'DeletePublicAccessBlock'] },
    errorCode: { exists: false },
  },
  title: (event) => `${caller(event)} took the block on public access from bucket ${parameter(event, 'bucketName')}`,
  context: callContext,
  tags: ['aws', 'exposure'],
  attack: ['T1530'],
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html'],
  runbook:
    '1. Put the block back unless the bucket serves the public. 2. Read its policy and access list. 3. Look at GetObject calls from outside since.',
  falsePositives: ['Buckets that serve a website, and buckets that are about to be deleted.'],
})
