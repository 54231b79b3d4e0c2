import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-ssm-parameters-read-in-bulk',
  description: 'One identity read and decrypted many different parameters of Systems Manager within minutes.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 'ssm.amazonaws.com',
    eventName: { oneOf: ['GetParameter', 'GetParameters', 'GetParametersByPath'] },
    'requestParameters.withDecryption': true,
    errorCode: { exists: false },
  },
  threshold: { count: 20, per: ['userIdentity.arn'], window: '10m', distinct: 'requestID' },
  title: (event) => `${caller(event)} reads one secret parameter after the other`,
  context: callContext,
  tags: ['aws', 'secrets'],
  attack: ['T1555.006'],
  references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html'],
  runbook:
    '1. Ask the owner of the identity which program reads so many. 2. If none does, lock the credentials at once. 3. Replace every secret that was read: the call names it.',
  falsePositives: ['Programs that read all their settings at start. Raise the count for them.'],
})
