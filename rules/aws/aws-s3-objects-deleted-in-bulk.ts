import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-s3-objects-deleted-in-bulk',
  description: 'One identity deleted very many objects of S3 within minutes.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 's3.amazonaws.com',
    eventName: { oneOf: ['DeleteObject', 'DeleteObjects'] },
    'userIdentity.type': { not: 'AWSService' },
    errorCode: { exists: false },
  },
  threshold: { count: 100, per: ['userIdentity.arn', 'requestParameters.bucketName'], window: '5m' },
  title: (event) => `${caller(event)} empties bucket ${parameter(event, 'bucketName')}`,
  context: callContext,
  tags: ['aws', 'impact'],
  attack: ['T1485'],
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html'],
  runbook:
    '1. Stop it: deny the identity s3:DeleteObject. 2. Ask the owner of the identity whether it was planned. 3. Restore from versions or backups. Needs data events in the trail.',
  falsePositives: ['Clean-ups by programs, which lifecycle rules do better.'],
})
