import { cloudtrailEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext } from '../shared/aws.ts'

/** Calls that end logging, protection or whole resources, whatever their parameters. */
const critical = [
  'DeleteFlowLogs',
  'DeleteSubnet',
  'DeleteVpc',
  'DeleteDBCluster',
  'DeleteCluster',
  'DeleteTrail',
  'PutEventSelectors',
  'UpdateTrail',
  'StopLogging',
  'DeleteDeliveryChannel',
  'StopConfigurationRecorder',
  'DeleteRule',
  'DisableRule',
  'DeleteDetector',
  'DeleteAccountPublicAccessBlock',
  'DisableEbsEncryptionByDefault',
] as const

const organization = [
  'AttachPolicy',
  'CreateOrganizationalUnit',
  'CreateOrganizationUnit',
  'CreatePolicy',
  'DeletePolicy',
  'DeleteOrganizationalUnit',
  'DeleteOrganizationUnit',
  'DetachPolicy',
  'DisableAWSServiceAccess',
  'DisablePolicyType',
  'EnableAllFeatures',
  'EnableAWSServiceAccess',
  'EnablePolicyType',
  'LeaveOrganization',
  'MoveAccount',
  'RemoveAccountFromOrganization',
  'UpdatePolicy',
] as const

export default defineRule({
  name: 'cloudtrail-critical-api-calls',
  description:
    'Logging, protection or a large resource of an AWS account was switched off or deleted, or its organization was changed.',
  severity: (event) => (event.errorCode ? 'medium' : 'high'),
  schemas: [cloudtrailEvents],
  where: [
    { eventName: { oneOf: critical } },
    { eventName: 'UpdateDetector', 'requestParameters.enable': false },
    {
      eventName: { oneOf: ['PutBucketPublicAccessBlock', 'PutAccountPublicAccessBlock'] },
      // Any of the four switches.
      'requestParameters.PublicAccessBlockConfiguration.*': false,
    },
    { eventSource: 'organizations.amazonaws.com', eventName: { oneOf: organization } },
  ],
  title: (event) => attempt(event, `called ${event.eventName}`, `call ${event.eventName}`),
  context: callContext,
  merge: { by: ['userIdentity.arn', 'eventName'], window: '15m' },
  tags: ['community', 'aws'],
  attack: ['T1685.002', 'T1685', 'T1666', 'T1485'],
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html',
    'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html',
  ],
  runbook:
    '1. Ask the caller, over another channel, whether the change was planned. 2. If not, lock the credentials and undo the change: start logging, restore the detector, the trail or the block. 3. Look at what the same credentials did in the hour before, and at what was not logged since.',
  falsePositives: [
    'Deployments and tear-downs with Terraform or CloudFormation, above all in test accounts.',
    'DeleteRule and DeleteCluster are also calls of services such as ECS, WAF and load balancing.',
  ],
})
