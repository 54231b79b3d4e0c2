import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-log-storage-removed',
  description: 'A place where AWS keeps logs was deleted or switched off, beside the trails themselves.',
  severity: (event) => (event.errorCode ? 'medium' : 'high'),
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventName: {
        oneOf: [
          'DeleteEventDataStore',
          'StopEventDataStoreIngestion',
          'DeleteLogGroup',
          'DeleteLogStream',
          'DeleteResolverQueryLogConfig',
          'DisassociateResolverQueryLogConfig',
          'DeleteLoggingConfiguration',
          'DeleteConfigurationRecorder',
        ],
      },
    },
    { eventName: 'PutBucketLogging', 'requestParameters.BucketLoggingStatus.LoggingEnabled': { exists: false } },
  ],
  title: (event) => attempt(event, `called ${event.eventName}`, `call ${event.eventName}`),
  context: (event) => ({
    ...callContext(event),
    group: parameter(event, 'logGroupName'),
    bucket: parameter(event, 'bucketName'),
  }),
  merge: { by: ['userIdentity.arn', 'eventName'], window: '15m' },
  tags: ['aws', 'logging'],
  attack: ['T1685.002', 'T1070'],
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html',
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  ],
  runbook:
    '1. See what the place held, and whether a copy is elsewhere. 2. Ask the caller why. 3. If nobody planned it, lock the credentials, and restore the place or make it anew. 4. Look at the hour before: something was to be hidden.',
  falsePositives: ['Test environments that are taken down, and log groups of functions that are deleted with them.'],
})
