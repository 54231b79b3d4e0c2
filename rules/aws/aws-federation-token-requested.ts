import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-federation-token-requested',
  description: 'A user turned long-lived keys into a session that outlives their deletion, and that opens the console.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 'sts.amazonaws.com',
    eventName: 'GetFederationToken',
    'userIdentity.type': { oneOf: ['IAMUser', 'Root'] },
    errorCode: { exists: false },
  },
  title: (event) => `${caller(event)} asked for a federation token named ${parameter(event, 'name')}`,
  context: callContext,
  merge: { by: ['userIdentity.arn'], window: '1h' },
  tags: ['aws', 'identity'],
  attack: ['T1078.004', 'T1550.001'],
  references: ['https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html'],
  runbook:
    '1. Ask the owner of the key which program asks for such tokens. 2. If none does, attach a policy to the user that denies everything: deleting the key does not end the session. 3. Look at calls of the federated user since.',
  falsePositives: ['Old programs that open the console for their users. Add them to the conditions of the rule.'],
})
