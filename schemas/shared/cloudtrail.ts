import { list, map, maybe } from '../../src/core/fields/spec.ts'

const sessionIssuer = maybe({
  type: 'string?',
  principalId: 'string?',
  arn: 'string?',
  accountId: 'string?',
  userName: 'string?',
})

/**
 * Who made a call. CloudTrail sends different parts of this for each kind of identity.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export const userIdentity = {
  type: 'string?',
  principalId: 'string?',
  arn: 'string?',
  accountId: 'string?',
  accessKeyId: 'string?',
  userName: 'string?',
  invokedBy: 'string?',
  identityProvider: 'string?',
  credentialId: 'string?',
  onBehalfOf: maybe({ userId: 'string?', identityStoreArn: 'string?' }),
  inScopeOf: maybe(map('json')),
  sessionContext: maybe({
    sessionIssuer,
    webIdFederationData: maybe({ federatedProvider: 'string?', attributes: maybe(map('json')) }),
    attributes: maybe({ creationDate: 'string?', mfaAuthenticated: 'string?' }),
    sourceIdentity: 'string?',
    ec2RoleDelivery: 'string?',
    assumedRoot: 'string?',
  }),
} as const

/**
 * An event of CloudTrail, wherever it was delivered. Required is what every event has had since version 1.02.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const cloudtrailEvent = {
  eventVersion: 'string',
  eventTime: 'string',
  eventSource: 'string',
  eventName: 'string',
  awsRegion: 'string',
  eventID: 'string',
  userIdentity,
  sourceIPAddress: 'string?',
  userAgent: 'string?',
  errorCode: 'string?',
  errorMessage: 'string?',
  requestParameters: maybe(map('json')),
  responseElements: maybe(map('json')),
  additionalEventData: maybe(map('json')),
  serviceEventDetails: maybe(map('json')),
  requestID: 'string?',
  eventType: 'string?',
  eventCategory: 'string?',
  apiVersion: 'string?',
  managementEvent: 'boolean?',
  readOnly: 'boolean?',
  recipientAccountId: 'string?',
  sharedEventID: 'string?',
  vpcEndpointId: 'string?',
  vpcEndpointAccountId: 'string?',
  sessionCredentialFromConsole: 'string?',
  resources: maybe(
    list({ ARN: 'string?', arn: 'string?', accountId: 'string?', type: 'string?', resourceName: 'string?' }),
  ),
  tlsDetails: maybe({ tlsVersion: 'string?', cipherSuite: 'string?', clientProvidedHostHeader: 'string?' }),
  edgeDeviceDetails: maybe(map('json')),
  insightDetails: maybe(map('json')),
  addendum: maybe(map('json')),
  eventContext: maybe(map('json')),
} as const

/** What the parts of a CloudTrail event mean. */
export const cloudtrailMeaning = {
  source_ip: 'sourceIPAddress',
  user: ['userIdentity.userName', 'userIdentity.sessionContext.sessionIssuer.userName'],
  user_id: ['userIdentity.arn', 'userIdentity.principalId'],
  user_agent: 'userAgent',
  account: ['recipientAccountId', 'userIdentity.accountId'],
  region: 'awsRegion',
  event_name: 'eventName',
  access_key: 'userIdentity.accessKeyId',
  resource: ['resources[].ARN', 'resources[].arn'],
} as const

/** Credentials that some calls return in clear. */
export const cloudtrailSecrets = [
  'responseElements.credentials.sessionToken',
  'responseElements.credentials.secretAccessKey',
] as const
