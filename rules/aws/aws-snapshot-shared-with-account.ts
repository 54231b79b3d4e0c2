import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { dig, several } from '../shared/data.ts'

export default defineRule({
  name: 'aws-snapshot-shared-with-account',
  description:
    'A disk snapshot, a machine image or a database snapshot was shared with another AWS account: a way to carry data out.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventName: 'ModifySnapshotAttribute',
      errorCode: { exists: false },
      'requestParameters.createVolumePermission.add.items.userId': { matches: /^\d{12}$/ },
    },
    {
      eventName: 'ModifyImageAttribute',
      errorCode: { exists: false },
      'requestParameters.launchPermission.add.items.userId': { matches: /^\d{12}$/ },
    },
    {
      eventName: 'ModifyDBSnapshotAttribute',
      errorCode: { exists: false },
      'requestParameters.valuesToAdd': { matches: /^\d{12}$/ },
    },
  ],
  match: (event) => receivers(event).some((account) => account !== event.recipientAccountId),
  title: (event) =>
    `${caller(event)} shared ${parameter(event, 'snapshotId') || parameter(event, 'imageId') || parameter(event, 'dBSnapshotIdentifier')} with ${receivers(event).join(', ')}`,
  context: callContext,
  tags: ['aws', 'exposure'],
  attack: ['T1537'],
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
  ],
  runbook:
    '1. Find out whose account it is. 2. If it is none of yours, take the permission away; what was copied already stays copied. 3. Ask the caller; if it was not they, lock the credentials and treat the data as lost.',
  falsePositives: ['Backups and golden images that go to other accounts of the same organization.'],
})

const receivers = (event: { readonly requestParameters?: unknown }): readonly string[] =>
  [
    ...several(dig(event.requestParameters, 'createVolumePermission', 'add', 'items')).map((item) =>
      dig(item, 'userId'),
    ),
    ...several(dig(event.requestParameters, 'launchPermission', 'add', 'items')).map((item) => dig(item, 'userId')),
    ...several(dig(event.requestParameters, 'valuesToAdd')),
  ].filter((account) => typeof account === 'string')
