import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-guardduty-weakened',
  description:
    'GuardDuty stays on, but sees or tells less: members were removed, findings are hidden, or export was stopped.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventSource: 'guardduty.amazonaws.com',
      eventName: {
        oneOf: [
          'DeleteMembers',
          'DisassociateMembers',
          'StopMonitoringMembers',
          'DisassociateFromMasterAccount',
          'DisassociateFromAdministratorAccount',
          'DeletePublishingDestination',
          'DisableOrganizationAdminAccount',
        ],
      },
      errorCode: { exists: false },
    },
    {
      eventSource: 'guardduty.amazonaws.com',
      eventName: { oneOf: ['CreateFilter', 'UpdateFilter'] },
      'requestParameters.action': 'ARCHIVE',
    },
    // Findings about addresses of a trusted list are never made.
    {
      eventSource: 'guardduty.amazonaws.com',
      eventName: { oneOf: ['CreateIPSet', 'UpdateIPSet'] },
      'requestParameters.activate': true,
    },
  ],
  title: (event) => `${caller(event)} weakened GuardDuty: ${event.eventName}`,
  context: callContext,
  tags: ['aws', 'logging'],
  attack: ['T1685'],
  references: [
    'https://docs.aws.amazon.com/guardduty/latest/ug/findings_suppression-rule.html',
    'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_upload-lists.html',
  ],
  runbook:
    '1. Ask whoever looks after GuardDuty whether the change is theirs. 2. Undo it: bring members back, delete the filter or the list. 3. Look at findings that were archived since, and at what the caller did before.',
  falsePositives: ['Filters for findings that were judged harmless, and a move of the administrator account.'],
})
