import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-identity-provider-changed',
  description:
    'An identity provider or trust anchor was added or changed: whoever runs it can sign in as anybody it is trusted for.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: {
      oneOf: [
        'CreateSAMLProvider',
        'UpdateSAMLProvider',
        'CreateOpenIDConnectProvider',
        'AddClientIDToOpenIDConnectProvider',
        'UpdateOpenIDConnectProviderThumbprint',
        'CreateTrustAnchor',
        'UpdateTrustAnchor',
      ],
    },
    errorCode: { exists: false },
  },
  title: (event) =>
    `${caller(event)} called ${event.eventName}: ${parameter(event, 'name') || parameter(event, 'url') || parameter(event, 'sAMLProviderArn') || 'a provider'}`,
  context: callContext,
  tags: ['aws', 'identity'],
  attack: ['T1484.002'],
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html',
    'https://docs.aws.amazon.com/rolesanywhere/latest/userguide/introduction.html',
  ],
  runbook:
    '1. Ask the owners of single sign-on whether they made the change. 2. If not, delete the provider or anchor, and every role policy that trusts it. 3. Search CloudTrail for AssumeRoleWithSAML, AssumeRoleWithWebIdentity and CreateSession since.',
  falsePositives: ['The yearly change of certificates, and build systems that are connected.'],
})
