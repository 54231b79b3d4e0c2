import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-security-service-disabled',
  description:
    'A service that watches over an AWS account was switched off: Security Hub, Macie, Inspector, Detective or Access Analyzer.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventSource: 'securityhub.amazonaws.com',
      eventName: { oneOf: ['DisableSecurityHub', 'BatchDisableStandards', 'DisassociateFromAdministratorAccount'] },
      errorCode: { exists: false },
    },
    { eventSource: 'macie2.amazonaws.com', eventName: 'DisableMacie', errorCode: { exists: false } },
    { eventSource: 'inspector2.amazonaws.com', eventName: 'Disable', errorCode: { exists: false } },
    { eventSource: 'detective.amazonaws.com', eventName: 'DeleteGraph', errorCode: { exists: false } },
    { eventSource: 'access-analyzer.amazonaws.com', eventName: 'DeleteAnalyzer', errorCode: { exists: false } },
  ],
  title: (event) => `${caller(event)} switched off ${event.eventSource.split('.')[0]}: ${event.eventName}`,
  context: callContext,
  tags: ['aws', 'logging'],
  attack: ['T1685'],
  references: ['https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-disable.html'],
  runbook:
    '1. Ask whoever looks after the service whether it was planned. 2. Switch it on again. 3. If nobody knows of it, lock the credentials and look at what they did since.',
  falsePositives: ['Savings, and accounts that are closed.'],
})
