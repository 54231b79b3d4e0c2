import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-lambda-code-replaced',
  description: 'A person replaced the code of a Lambda function: it runs with the rights of the function from now on.',
  severity: 'low',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 'lambda.amazonaws.com',
    eventName: { startsWith: 'UpdateFunctionCode' },
    // Deployments work with roles; users are people, or keys that somebody carries.
    'userIdentity.type': { oneOf: ['IAMUser', 'Root'] },
    errorCode: { exists: false },
  },
  title: (event) => `${caller(event)} replaced the code of ${parameter(event, 'functionName').split(':').at(-1)}`,
  context: callContext,
  merge: { by: ['userIdentity.arn'], window: '1h' },
  tags: ['aws'],
  attack: ['T1648'],
  references: ['https://docs.aws.amazon.com/lambda/latest/dg/lambda-security.html'],
  runbook:
    '1. Ask the user whether they deployed by hand. 2. Compare the code with what the build made. 3. If they differ and nobody knows why, put the old version back and lock the credentials.',
  falsePositives: ['Builds that still work with the key of a user. Give them a role.'],
})
