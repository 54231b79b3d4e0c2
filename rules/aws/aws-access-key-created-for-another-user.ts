import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { digText } from '../shared/data.ts'

export default defineRule({
  name: 'aws-access-key-created-for-another-user',
  description:
    'Somebody made an access key for a user other than themselves: a way to stay after the first key is lost.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: 'CreateAccessKey',
    errorCode: { exists: false },
    // Without a user in the request the key is the caller's own.
    'requestParameters.userName': { exists: true },
  },
  match: (event) => parameter(event, 'userName') !== event.userIdentity.userName,
  title: (event) => `${caller(event)} made an access key for ${parameter(event, 'userName')}`,
  context: (event) => ({ ...callContext(event), newKey: digText(event.responseElements, 'accessKey', 'accessKeyId') }),
  tags: ['aws', 'identity'],
  attack: ['T1098.001'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html'],
  runbook:
    '1. Ask the caller and the user whether the key was agreed. 2. If not, deactivate it, and the credentials that made it. 3. Search CloudTrail for calls with the new key.',
  falsePositives: ['Administrators who set up a new user or service, and tools that rotate keys.'],
})
