import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-secrets-read-in-bulk',
  description: 'One identity read many different secrets of Secrets Manager within minutes.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: { oneOf: ['GetSecretValue', 'BatchGetSecretValue'] },
    errorCode: { exists: false },
  },
  threshold: { count: 10, per: ['userIdentity.arn'], window: '10m', distinct: 'requestParameters.secretId' },
  title: (event) => `${caller(event)} reads one secret after the other`,
  context: callContext,
  tags: ['aws', 'secrets'],
  attack: ['T1555.006'],
  references: ['https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html'],
  runbook:
    '1. Ask the owner of the identity which program reads so many. 2. If none does, lock the credentials at once. 3. Replace every secret that was read: the call names it.',
  falsePositives: [
    'Programs that read all their secrets at start, and copies to another region. Raise the count for them.',
  ],
})
