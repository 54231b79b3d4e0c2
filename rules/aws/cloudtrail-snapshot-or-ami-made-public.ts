import { cloudtrailEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'cloudtrail-snapshot-or-ami-made-public',
  description: 'A machine image, a disk snapshot or a database snapshot was shared with the whole world.',
  severity: 'critical',
  schemas: [cloudtrailEvents],
  where: [
    { eventName: 'ModifyImageAttribute', 'requestParameters.launchPermission.add.items.group': 'all' },
    { eventName: 'ModifySnapshotAttribute', 'requestParameters.createVolumePermission.add.items.group': 'all' },
    {
      eventName: { oneOf: ['ModifyDBClusterSnapshotAttribute', 'ModifyDBSnapshotAttribute'] },
      'requestParameters.valuesToAdd': 'all',
    },
  ],
  title: (event) => attempt(event, `made ${shared(event)} public`, `make ${shared(event)} public`),
  context: callContext,
  tags: ['community', 'aws', 'exposure'],
  attack: ['T1537'],
  references: ['https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html'],
  runbook:
    '1. Take the permission of the group "all" away. 2. Ask the caller whether the image was meant to be public. 3. Treat everything on it, above all keys and passwords, as known to others. 4. If nobody knows of it, lock the credentials of the caller.',
  falsePositives: ['Vendors that publish machine images.'],
})

const shared = (event: unknown) =>
  ['imageId', 'snapshotId', 'dBClusterSnapshotIdentifier', 'dBSnapshotIdentifier']
    .map((name) => parameter(event, name))
    .find(Boolean) ?? 'a snapshot'
