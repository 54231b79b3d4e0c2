import { cloudtrailEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext } from '../shared/aws.ts'

const withoutMfa = { 'userIdentity.sessionContext.attributes.mfaAuthenticated': { not: 'true' } } as const

export default defineRule({
  name: 'cloudtrail-mfa-policy-abuse-attempt',
  description:
    'Users, keys, policies or second factors were changed by a session without a second factor, as with a stolen key where policies demand MFA only loosely.',
  severity: 'medium',
  schemas: [cloudtrailEvents],
  where: [
    {
      eventName: {
        oneOf: [
          'DeactivateMFADevice',
          'CreateUser',
          'CreateAccessKey',
          'DetachUserPolicy',
          'DetachGroupPolicy',
          'RemoveUserFromGroup',
          'DeleteUserPolicy',
          'PutGroupPolicy',
          'PutUserPolicy',
        ],
      },
      ...withoutMfa,
    },
    // Making the first device needs no MFA, hence only what went wrong: there was a device already.
    { eventName: { oneOf: ['CreateVirtualMFADevice', 'EnableMFADevice'] }, errorCode: { exists: true }, ...withoutMfa },
  ],
  title: (event) => `${attempt(event, `called ${event.eventName}`, `call ${event.eventName}`)} without MFA`,
  context: callContext,
  merge: { by: ['userIdentity.arn'], window: '1h' },
  tags: ['community', 'aws'],
  attack: ['T1556.006', 'T1098.001', 'T1098.003', 'T1136.003', 'T1078.004'],
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html',
  ],
  runbook:
    '1. Ask the owner of the credentials whether the change was theirs. 2. If not, deactivate the access key and revoke the sessions of the user. 3. Undo the change: remove new users and keys, restore policies and devices. 4. Tighten the policy so that changes of IAM demand MFA.',
  falsePositives: ['Automation that works with roles: their sessions carry no mark of MFA.'],
})
