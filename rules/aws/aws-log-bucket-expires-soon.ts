import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { dig } from '../shared/data.ts'

const lifecycle = {
  eventName: { oneOf: ['PutBucketLifecycle', 'PutBucketLifecycleConfiguration'] },
  errorCode: { exists: false },
} as const

export default defineRule({
  name: 'aws-log-bucket-expires-soon',
  description:
    'Objects of a bucket will be deleted within a day, or within a week where it holds logs: a slow way to remove traces.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    { ...lifecycle, 'requestParameters.LifecycleConfiguration.Rule.Expiration.Days': { lessThan: 2 } },
    {
      ...lifecycle,
      'requestParameters.LifecycleConfiguration.Rule.Expiration.Days': { lessThan: 8 },
      'requestParameters.bucketName': { matches: /log|trail|audit/i },
    },
  ],
  title: (event) => `${caller(event)} has objects of ${parameter(event, 'bucketName')} deleted within days`,
  context: (event) => ({
    ...callContext(event),
    lifecycle: dig(event.requestParameters, 'LifecycleConfiguration', 'Rule'),
  }),
  tags: ['aws', 'logging'],
  attack: ['T1685.002'],
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html'],
  runbook:
    '1. Put the old lifecycle of the bucket back before the next night. 2. Copy what is at risk. 3. Ask the caller why; if it was not they, lock the credentials.',
  falsePositives: [
    'Buckets for files that are wanted for a day only, and access logs of little worth. Name them in the conditions of the rule.',
  ],
})
