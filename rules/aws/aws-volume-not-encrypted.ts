import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller } from '../shared/aws.ts'
import { digText } from '../shared/data.ts'

export default defineRule({
  name: 'aws-volume-not-encrypted',
  description: 'A disk was made that is not encrypted.',
  severity: 'low',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: {
    eventName: 'CreateVolume',
    'responseElements.encrypted': { not: true },
    'responseElements.volumeId': { exists: true },
  },
  title: (event) => `${caller(event)} made disk ${digText(event.responseElements, 'volumeId')} without encryption`,
  context: callContext,
  merge: { by: ['userIdentity.arn'], window: '1d' },
  tags: ['aws', 'infrastructure', 'compliance'],
  references: ['https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html'],
  runbook:
    '1. Ask the owner what the disk is for. 2. Make it anew from an encrypted snapshot, and delete this one. 3. Switch encryption by default on for the account and region.',
  falsePositives: ['Disks for tests that hold nothing.'],
})
