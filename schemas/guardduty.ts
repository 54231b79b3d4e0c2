import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

const remote = maybe({
  ipAddressV4: 'string?',
  ipAddressV6: 'string?',
  country: maybe({ countryCode: 'string?', countryName: 'string?' }),
  city: maybe({ cityName: 'string?' }),
  organization: maybe({ asn: 'string?', asnOrg: 'string?', isp: 'string?', org: 'string?' }),
})

/**
 * Findings as exported to S3. Through EventBridge they are `cloudwatch:events` with source `aws.guardduty`.
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html
 */
export const guarddutyFindings = defineSchema({
  name: 'guardduty:findings',
  description: 'Amazon GuardDuty findings, as exported to S3.',
  parse: json(),
  fields: {
    schemaVersion: 'string',
    accountId: 'string',
    region: 'string',
    id: 'string',
    arn: 'string',
    type: 'string',
    severity: 'float',
    resource: {
      resourceType: 'string?',
      accessKeyDetails: maybe({
        accessKeyId: 'string?',
        principalId: 'string?',
        userName: 'string?',
        userType: 'string?',
      }),
      instanceDetails: maybe({
        instanceId: 'string?',
        instanceType: 'string?',
        imageId: 'string?',
        tags: maybe(list(map('string?'))),
        networkInterfaces: maybe(list(map('json'))),
      }),
      s3BucketDetails: maybe(list(map('json'))),
      eksClusterDetails: maybe(map('json')),
      kubernetesDetails: maybe(map('json')),
    },
    service: {
      serviceName: 'string',
      detectorId: 'string?',
      resourceRole: 'string?',
      eventFirstSeen: 'string?',
      eventLastSeen: 'string?',
      archived: 'boolean?',
      count: 'integer?',
      action: maybe({
        actionType: 'string?',
        awsApiCallAction: maybe({
          api: 'string?',
          serviceName: 'string?',
          callerType: 'string?',
          errorCode: 'string?',
          remoteIpDetails: remote,
        }),
        networkConnectionAction: maybe({
          connectionDirection: 'string?',
          protocol: 'string?',
          blocked: 'boolean?',
          remoteIpDetails: remote,
          remotePortDetails: maybe({ port: 'integer?', portName: 'string?' }),
          localPortDetails: maybe({ port: 'integer?', portName: 'string?' }),
        }),
        dnsRequestAction: maybe({ domain: 'string?', protocol: 'string?', blocked: 'boolean?' }),
        portProbeAction: maybe({ blocked: 'boolean?', portProbeDetails: maybe(list(map('json'))) }),
        kubernetesApiCallAction: maybe(map('json')),
      }),
      additionalInfo: maybe(map('json')),
      evidence: maybe(map('json')),
    },
    partition: 'string?',
    title: 'string?',
    description: 'string?',
    createdAt: 'string?',
    updatedAt: 'string?',
    confidence: 'float?',
  },
  time: 'updatedAt',
  normalise: {
    source_ip: [
      'service.action.awsApiCallAction.remoteIpDetails.ipAddressV4',
      {
        path: 'service.action.networkConnectionAction.remoteIpDetails.ipAddressV4',
        when: { path: 'service.action.networkConnectionAction.connectionDirection', is: 'INBOUND' },
      },
    ],
    destination_ip: {
      path: 'service.action.networkConnectionAction.remoteIpDetails.ipAddressV4',
      when: { path: 'service.action.networkConnectionAction.connectionDirection', is: 'OUTBOUND' },
    },
    domain: 'service.action.dnsRequestAction.domain',
    user: 'resource.accessKeyDetails.userName',
    access_key: 'resource.accessKeyDetails.accessKeyId',
    resource: 'resource.instanceDetails.instanceId',
    account: 'accountId',
    region: 'region',
    threat: 'type',
    severity: 'severity',
  },
})
