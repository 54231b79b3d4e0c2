import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/**
 * Configuration items of the snapshot and history files that AWS Config delivers.
 * https://docs.aws.amazon.com/config/latest/developerguide/example-config-snapshot.html
 */
export const awsconfigItems = defineSchema({
  name: 'awsconfig:items',
  description: 'AWS Config configuration items, from snapshot and history files.',
  parse: json({ path: 'configurationItems[*]', alone: true }),
  fields: {
    configurationItemVersion: 'string',
    configurationItemCaptureTime: 'string',
    configurationItemStatus: 'string',
    resourceType: 'string',
    resourceId: 'string',
    awsAccountId: 'string?',
    awsRegion: 'string?',
    availabilityZone: 'string?',
    resourceName: 'string?',
    resourceCreationTime: 'string?',
    ARN: 'string?',
    configurationStateId: 'string?',
    configurationStateMd5Hash: 'string?',
    relatedEvents: maybe(list('string')),
    relationships: maybe(
      list({ resourceType: 'string?', resourceId: 'string?', resourceName: 'string?', name: 'string?' }),
    ),
    configuration: 'json?',
    supplementaryConfiguration: maybe(map('json')),
    tags: 'json?',
  },
  time: 'configurationItemCaptureTime',
  normalise: { account: 'awsAccountId', region: 'awsRegion', resource: ['ARN', 'resourceId'] },
})
