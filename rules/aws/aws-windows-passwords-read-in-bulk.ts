import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-windows-passwords-read-in-bulk',
  description: 'The administrator passwords of many Windows machines were asked for within minutes.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventName: 'GetPasswordData' },
  threshold: { count: 5, per: ['userIdentity.arn'], window: '10m', distinct: 'requestParameters.instanceId' },
  title: (event) => `${caller(event)} asks for the Windows passwords of many machines`,
  context: callContext,
  tags: ['aws', 'hosts'],
  attack: ['T1552'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetPasswordData.html'],
  runbook:
    '1. Ask the owner of the identity which program does so. 2. If none does, lock the credentials. 3. Change the passwords of machines whose key pair is not safe, and look at sign-ins to them.',
  falsePositives: ['Deployment tools that join new machines to a domain.'],
})
