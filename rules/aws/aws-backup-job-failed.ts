import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { digText } from '../shared/data.ts'

export default defineRule({
  name: 'aws-backup-job-failed',
  description: 'A backup job of AWS Backup did not finish.',
  severity: 'medium',
  schemas: [cloudwatchEvents],
  where: {
    source: 'aws.backup',
    'detail-type': { oneOf: ['Backup Job State Change', 'Copy Job State Change'] },
    'detail.state': { oneOf: ['FAILED', 'EXPIRED', 'ABORTED', 'PARTIAL'] },
  },
  title: ({ detail }) =>
    `Backup of ${digText(detail, 'resourceArn') || 'a resource'} ended as ${digText(detail, 'state')}`,
  context: ({ detail }) => ({
    reason: digText(detail, 'statusMessage'),
    kind: digText(detail, 'resourceType'),
    vault: digText(detail, 'backupVaultName') || digText(detail, 'backupVaultArn'),
  }),
  merge: { by: ['account', 'detail.resourceArn'], window: '1d' },
  tags: ['aws', 'infrastructure', 'compliance'],
  references: ['https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html'],
  runbook:
    '1. Read the reason in the alert. 2. Repair what is missing, often a right of the backup role or of its key. 3. Start the job again, and see when the last good backup was made.',
  falsePositives: ['Resources that were deleted while the job ran.'],
})
