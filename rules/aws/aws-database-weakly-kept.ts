import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-database-weakly-kept',
  description: 'A database of RDS is kept without encryption, without backups or without protection against deletion.',
  severity: 'low',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventSource: 'rds.amazonaws.com',
      eventName: { oneOf: ['CreateDBInstance', 'CreateDBCluster'] },
      'responseElements.storageEncrypted': false,
    },
    {
      eventSource: 'rds.amazonaws.com',
      eventName: { oneOf: ['ModifyDBInstance', 'ModifyDBCluster', 'CreateDBInstance'] },
      'requestParameters.backupRetentionPeriod': 0,
      errorCode: { exists: false },
    },
    {
      eventSource: 'rds.amazonaws.com',
      eventName: { oneOf: ['ModifyDBInstance', 'ModifyDBCluster'] },
      'requestParameters.deletionProtection': false,
      errorCode: { exists: false },
    },
  ],
  title: (event) =>
    `Database ${parameter(event, 'dBInstanceIdentifier') || parameter(event, 'dBClusterIdentifier')} is weakly kept since ${caller(event)} called ${event.eventName}`,
  context: callContext,
  tags: ['aws', 'infrastructure', 'compliance'],
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html',
  ],
  runbook:
    '1. See in the call what is missing: encryption, backups or protection. 2. Ask the owner whether the data may be lost. 3. Switch it on; encryption needs a copy of the database.',
  falsePositives: ['Databases for tests, and databases that are about to be deleted.'],
})
