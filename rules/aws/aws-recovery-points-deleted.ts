import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-recovery-points-deleted',
  description: 'Backups in AWS were deleted, or their protection was: without them there is no way back.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventSource: 'backup.amazonaws.com',
      eventName: {
        oneOf: [
          'DeleteRecoveryPoint',
          'DeleteBackupVault',
          'DeleteBackupPlan',
          'DeleteBackupVaultLockConfiguration',
          'DeleteBackupVaultAccessPolicy',
        ],
      },
      errorCode: { exists: false },
    },
    {
      eventSource: 'rds.amazonaws.com',
      eventName: { oneOf: ['DeleteDBInstanceAutomatedBackup', 'DeleteDBClusterAutomatedBackup'] },
      errorCode: { exists: false },
    },
    { eventSource: 'dynamodb.amazonaws.com', eventName: 'DeleteBackup', errorCode: { exists: false } },
  ],
  title: (event) => `${caller(event)} called ${event.eventName}`,
  context: callContext,
  merge: { by: ['userIdentity.arn', 'eventName'], window: '1h' },
  tags: ['aws', 'impact', 'infrastructure'],
  attack: ['T1490'],
  references: ['https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html'],
  runbook:
    '1. Ask whoever looks after backups whether it was planned. 2. If not, lock the credentials at once: deleting backups comes before extortion. 3. Copy what is left to another account.',
  falsePositives: ['Retention that is run by scripts, and environments that are taken down.'],
})
