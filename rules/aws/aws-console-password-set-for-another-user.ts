import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-console-password-set-for-another-user',
  description:
    'A console password was made or changed for a user other than the caller: the user can now be taken over.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: { oneOf: ['CreateLoginProfile', 'UpdateLoginProfile'] },
    errorCode: { exists: false },
    'requestParameters.userName': { exists: true },
  },
  match: (event) => parameter(event, 'userName') !== event.userIdentity.userName,
  title: (event) => `${caller(event)} set the console password of ${parameter(event, 'userName')}`,
  context: callContext,
  tags: ['aws', 'identity'],
  attack: ['T1098'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html'],
  runbook:
    '1. Ask the user whether they asked for a password. 2. If not, delete it and end the sessions of both. 3. Look for a ConsoleLogin of the user since, and what it did.',
  falsePositives: ['Helpdesks that reset passwords, and new users.'],
})
