import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { cloudtrailEvent, cloudtrailMeaning, cloudtrailSecrets } from './shared/cloudtrail.ts'

/** Files that CloudTrail delivers hold `Records`; other ways of delivery carry one event each. */
const records = json({ path: 'Records[*]', alone: true })

export const cloudtrailEvents = defineSchema({
  name: 'cloudtrail:events',
  description: 'AWS CloudTrail management, data and network events, as delivered to S3 or one by one.',
  parse: records,
  fields: cloudtrailEvent,
  time: 'eventTime',
  normalise: cloudtrailMeaning,
  sensitive: cloudtrailSecrets,
})

export const cloudtrailInsight = defineSchema({
  name: 'cloudtrail:insight',
  description: 'AWS CloudTrail Insights events: unusual call or error rates.',
  parse: records,
  fields: {
    eventVersion: 'string',
    eventTime: 'string',
    awsRegion: 'string',
    eventID: 'string',
    eventType: 'string',
    eventCategory: 'string',
    recipientAccountId: 'string?',
    sharedEventID: 'string?',
    insightDetails: {
      state: 'string',
      eventSource: 'string',
      eventName: 'string',
      insightType: 'string',
      errorCode: 'string?',
      insightContext: maybe({
        statistics: maybe(map('json')),
        attributions: maybe(list(map('json'))),
      }),
    },
  },
  time: 'eventTime',
  patterns: { eventCategory: 'Insight' },
  normalise: { account: 'recipientAccountId', region: 'awsRegion', event_name: 'insightDetails.eventName' },
})

export const cloudtrailDigest = defineSchema({
  name: 'cloudtrail:digest',
  description: 'AWS CloudTrail digest files, which prove that log files were not changed.',
  parse: json(),
  fields: {
    awsAccountId: 'string',
    digestStartTime: 'string',
    digestEndTime: 'string',
    digestS3Bucket: 'string',
    digestS3Object: 'string',
    digestPublicKeyFingerprint: 'string?',
    digestSignatureAlgorithm: 'string?',
    newestEventTime: 'string?',
    oldestEventTime: 'string?',
    previousDigestS3Bucket: 'string?',
    previousDigestS3Object: 'string?',
    previousDigestHashValue: 'string?',
    previousDigestHashAlgorithm: 'string?',
    previousDigestSignature: 'string?',
    logFiles: list({
      s3Bucket: 'string?',
      s3Object: 'string?',
      hashValue: 'string?',
      hashAlgorithm: 'string?',
      newestEventTime: 'string?',
      oldestEventTime: 'string?',
    }),
  },
  time: 'digestEndTime',
  normalise: { account: 'awsAccountId', file_hash: 'logFiles[].hashValue' },
})
