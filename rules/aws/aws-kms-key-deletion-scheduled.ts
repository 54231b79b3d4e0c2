import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-kms-key-deletion-scheduled',
  description: 'A key of KMS is to be deleted or was switched off: everything encrypted with it will be lost.',
  severity: (event) => (event.eventName === 'ScheduleKeyDeletion' ? 'high' : 'medium'),
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 'kms.amazonaws.com',
    eventName: { oneOf: ['ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial'] },
    errorCode: { exists: false },
  },
  title: (event) => `${caller(event)} called ${event.eventName} on key ${parameter(event, 'keyId')}`,
  context: (event) => ({ ...callContext(event), days: parameter(event, 'pendingWindowInDays') }),
  tags: ['aws', 'impact'],
  attack: ['T1485', 'T1486'],
  references: ['https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html'],
  runbook:
    '1. Cancel the deletion: it waits at least seven days. 2. Find out what the key encrypts. 3. Ask the caller why; if it was not they, lock the credentials, for this is a step of extortion.',
  falsePositives: ['Keys of environments that are taken down.'],
})
