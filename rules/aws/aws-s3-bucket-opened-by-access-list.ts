import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter, publicGroups, publicLists } from '../shared/aws.ts'
import { mentions, several } from '../shared/data.ts'

export default defineRule({
  name: 'aws-s3-bucket-opened-by-access-list',
  description: 'The access list of a bucket or object names everybody, or everybody with an AWS account.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 's3.amazonaws.com',
    eventName: { oneOf: ['PutBucketAcl', 'PutObjectAcl', 'CreateBucket'] },
    errorCode: { exists: false },
  },
  match: (event) =>
    mentions(event.requestParameters, [...publicGroups]) ||
    several(event.requestParameters?.['x-amz-acl']).some((list) => publicLists.some((name) => name === list)),
  title: (event) => `${caller(event)} opened bucket ${parameter(event, 'bucketName')} by its access list`,
  context: callContext,
  merge: { by: ['requestParameters.bucketName'], window: '1h' },
  tags: ['aws', 'exposure'],
  attack: ['T1530'],
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html'],
  runbook:
    '1. Take the grant away, and put the block on public access on. 2. Ask the caller whether it was meant to be public. 3. Look at GetObject and ListBucket calls from outside since.',
  falsePositives: ['Buckets that serve a website.'],
})
