import { map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/** https://www.alibabacloud.com/help/en/actiontrail/user-guide/structure-of-an-actiontrail-event */
export const aliyunActiontrail = defineSchema({
  name: 'aliyun:actiontrail',
  description: 'Alibaba Cloud ActionTrail events.',
  parse: json(),
  fields: {
    eventId: 'string',
    eventVersion: 'string',
    eventTime: 'string',
    eventType: 'string',
    eventName: 'string',
    eventSource: 'string',
    serviceName: 'string',
    requestId: 'string?',
    userIdentity: {
      type: 'string?',
      principalId: 'string?',
      accountId: 'string?',
      accessKeyId: 'string?',
      userName: 'string?',
      sessionContext: maybe({ attributes: maybe({ creationDate: 'string?', mfaAuthenticated: 'string?' }) }),
    },
    sourceIpAddress: 'string?',
    userAgent: 'string?',
    acsRegion: 'string?',
    apiVersion: 'string?',
    recipientAccountId: 'string?',
    errorCode: 'string?',
    errorMessage: 'string?',
    requestParameters: maybe(map('json')),
    responseElements: maybe(map('json')),
    referencedResources: maybe(map('json')),
    additionalEventData: maybe(map('json')),
  },
  time: 'eventTime',
  normalise: {
    source_ip: 'sourceIpAddress',
    user: 'userIdentity.userName',
    user_id: 'userIdentity.principalId',
    access_key: 'userIdentity.accessKeyId',
    user_agent: 'userAgent',
    account: ['recipientAccountId', 'userIdentity.accountId'],
    region: 'acsRegion',
    event_name: 'eventName',
  },
})
