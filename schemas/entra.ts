import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { diagnosticHead, diagnosticRecords } from './shared/azure.ts'

/** https://learn.microsoft.com/en-us/graph/api/resources/signin */
const signIn = {
  id: 'string?',
  createdDateTime: 'string?',
  userDisplayName: 'string?',
  userPrincipalName: 'string?',
  userId: 'string?',
  userType: 'string?',
  appId: 'string?',
  appDisplayName: 'string?',
  resourceDisplayName: 'string?',
  servicePrincipalId: 'string?',
  servicePrincipalName: 'string?',
  ipAddress: 'string?',
  userAgent: 'string?',
  clientAppUsed: 'string?',
  correlationId: 'string?',
  conditionalAccessStatus: 'string?',
  appliedConditionalAccessPolicies: maybe(list(map('json'))),
  authenticationRequirement: 'string?',
  authenticationDetails: maybe(list(map('json'))),
  authenticationProtocol: 'string?',
  isInteractive: 'boolean?',
  riskDetail: 'string?',
  riskLevelAggregated: 'string?',
  riskLevelDuringSignIn: 'string?',
  riskState: 'string?',
  riskEventTypes: 'json?',
  riskEventTypes_v2: 'json?',
  status: maybe({ errorCode: 'integer?', failureReason: 'string?', additionalDetails: 'string?' }),
  deviceDetail: maybe({
    deviceId: 'string?',
    displayName: 'string?',
    operatingSystem: 'string?',
    browser: 'string?',
    isCompliant: 'boolean?',
    isManaged: 'boolean?',
    trustType: 'string?',
  }),
  location: maybe({
    city: 'string?',
    state: 'string?',
    countryOrRegion: 'string?',
    geoCoordinates: maybe(map('json')),
  }),
} as const

export const entraSignin = defineSchema({
  name: 'entra:signin',
  description: 'Microsoft Entra ID (Azure AD) sign-in logs, from diagnostic settings.',
  parse: diagnosticRecords,
  fields: {
    ...diagnosticHead,
    identity: 'string?',
    properties: signIn,
  },
  time: 'time',
  patterns: { category: '*SignInLogs' },
  normalise: {
    source_ip: ['properties.ipAddress', 'callerIpAddress'],
    user: ['properties.userPrincipalName', 'properties.servicePrincipalName'],
    user_id: 'properties.userId',
    user_agent: 'properties.userAgent',
    account: 'tenantId',
    resource: 'properties.appDisplayName',
    outcome: 'resultType',
    host: 'properties.deviceDetail.displayName',
  },
})

export const entraGraphSignin = defineSchema({
  name: 'entra:graph_signin',
  description: 'Microsoft Entra ID (Azure AD) sign-ins, from the Graph API.',
  parse: json({ path: 'value[*]', alone: true }),
  fields: {
    ...signIn,
    id: 'string',
    createdDateTime: 'string',
    appDisplayName: 'string',
    conditionalAccessStatus: 'string',
    userPrincipalName: 'string?',
  },
  time: 'createdDateTime',
  normalise: {
    source_ip: 'ipAddress',
    user: ['userPrincipalName', 'servicePrincipalName'],
    user_id: 'userId',
    user_agent: 'userAgent',
    resource: 'appDisplayName',
    outcome: 'status.errorCode',
    host: 'deviceDetail.displayName',
  },
})

/** https://learn.microsoft.com/en-us/graph/api/resources/directoryaudit */
export const entraAudit = defineSchema({
  name: 'entra:audit',
  description: 'Microsoft Entra ID (Azure AD) directory audit logs, from diagnostic settings.',
  parse: diagnosticRecords,
  fields: {
    ...diagnosticHead,
    identity: 'string?',
    properties: {
      id: 'string?',
      category: 'string?',
      activityDisplayName: 'string?',
      activityDateTime: 'string?',
      correlationId: 'string?',
      loggedByService: 'string?',
      operationType: 'string?',
      result: 'string?',
      resultReason: 'string?',
      initiatedBy: maybe({
        user: maybe({
          id: 'string?',
          userPrincipalName: 'string?',
          displayName: 'string?',
          ipAddress: 'string?',
          roles: 'json?',
        }),
        app: maybe({ appId: 'string?', displayName: 'string?', servicePrincipalId: 'string?' }),
      }),
      targetResources: maybe(
        list({
          id: 'string?',
          type: 'string?',
          displayName: 'string?',
          userPrincipalName: 'string?',
          modifiedProperties: maybe(list({ displayName: 'string?', oldValue: 'string?', newValue: 'string?' })),
        }),
      ),
      additionalDetails: maybe(list({ key: 'string?', value: 'string?' })),
    },
  },
  time: 'time',
  patterns: { category: 'AuditLogs' },
  normalise: {
    source_ip: ['properties.initiatedBy.user.ipAddress', 'callerIpAddress'],
    user: ['properties.initiatedBy.user.userPrincipalName', 'properties.initiatedBy.app.displayName'],
    user_id: 'properties.initiatedBy.user.id',
    target_user: 'properties.targetResources[].userPrincipalName',
    account: 'tenantId',
    event_name: 'operationName',
    outcome: 'properties.result',
  },
})
