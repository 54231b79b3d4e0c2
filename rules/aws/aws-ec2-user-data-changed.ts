import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-ec2-user-data-changed',
  description: 'The start script of a machine was replaced: it runs as root when the machine starts next.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventName: 'ModifyInstanceAttribute',
      errorCode: { exists: false },
      'requestParameters.userData': { exists: true },
    },
    { eventName: 'ModifyInstanceAttribute', errorCode: { exists: false }, 'requestParameters.attribute': 'userData' },
  ],
  title: (event) => `${caller(event)} replaced the start script of ${parameter(event, 'instanceId')}`,
  context: callContext,
  merge: { by: ['userIdentity.arn'], window: '1h' },
  tags: ['aws', 'hosts'],
  attack: ['T1059.009', 'T1037'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html'],
  runbook:
    '1. Read the new start script with DescribeInstanceAttribute; CloudTrail hides it. 2. See whether the machine was stopped and started since: look for StopInstances and StartInstances by the same caller. 3. If nobody planned it, isolate the machine and lock the credentials.',
  falsePositives: ['Operators who repair a machine that no longer starts.'],
})
