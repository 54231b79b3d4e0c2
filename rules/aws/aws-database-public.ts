import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-database-public',
  description: 'A database of RDS has an address that the internet can reach.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventSource: 'rds.amazonaws.com',
    eventName: {
      oneOf: [
        'CreateDBInstance',
        'ModifyDBInstance',
        'CreateDBCluster',
        'ModifyDBCluster',
        'RestoreDBInstanceFromDBSnapshot',
        'RestoreDBInstanceToPointInTime',
      ],
    },
    'requestParameters.publiclyAccessible': true,
    errorCode: { exists: false },
  },
  title: (event) =>
    `${caller(event)} opened database ${parameter(event, 'dBInstanceIdentifier') || parameter(event, 'dBClusterIdentifier')} to the internet`,
  context: callContext,
  tags: ['aws', 'exposure', 'infrastructure', 'compliance'],
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html'],
  runbook:
    '1. Set the database to not public. 2. See which networks its security group lets in. 3. Look at sign-ins to the database since.',
  falsePositives: ['Databases for tests whose security group lets nobody in.'],
})
