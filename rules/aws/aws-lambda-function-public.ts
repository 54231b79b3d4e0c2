import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-lambda-function-public',
  description:
    'A Lambda function may be called by anybody: its policy names everybody, or its address asks for no signature.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    // The event name carries the version of the interface.
    {
      eventSource: 'lambda.amazonaws.com',
      eventName: { oneOf: ['AddPermission20150331v2', 'AddPermission20150331', 'AddPermission'] },
      'requestParameters.principal': '*',
      'requestParameters.sourceAccount': { exists: false },
      'requestParameters.sourceArn': { exists: false },
      'requestParameters.principalOrgID': { exists: false },
      errorCode: { exists: false },
    },
    {
      eventSource: 'lambda.amazonaws.com',
      eventName: { oneOf: ['CreateFunctionUrlConfig', 'UpdateFunctionUrlConfig'] },
      'requestParameters.authType': 'NONE',
      errorCode: { exists: false },
    },
  ],
  title: (event) => `${caller(event)} opened function ${parameter(event, 'functionName')} to everybody`,
  context: callContext,
  tags: ['aws', 'exposure'],
  attack: ['T1648'],
  references: [
    'https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html',
    'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  ],
  runbook:
    '1. Take the permission or the address away. 2. See what the function can do with its role. 3. Ask the caller; look at calls of the function since.',
  falsePositives: ['Webhooks that check their callers themselves.'],
})
