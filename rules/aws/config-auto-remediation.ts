import { cloudtrailEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'config-auto-remediation',
  description: 'AWS Config started an automation that repairs a resource.',
  severity: 'info',
  schemas: [cloudtrailEvents],
  where: {
    eventName: 'StartAutomationExecution',
    eventSource: 'ssm.amazonaws.com',
    // The service that calls stands where an address would.
    sourceIPAddress: 'config.amazonaws.com',
  },
  title: (event) => `AWS Config runs ${parameter(event, 'documentName') || 'an automation'} to repair a resource`,
  context: callContext,
  tags: ['community', 'aws', 'compliance'],
  references: ['https://docs.aws.amazon.com/config/latest/developerguide/remediation.html'],
  runbook:
    '1. Open the automation in Systems Manager and see which resource it changes. 2. Check that the repair worked. 3. Find out how the resource came to be wrong, so that it does not come back.',
  falsePositives: ['Every repair is expected where automatic remediation was set up; the alert is for the record.'],
})
