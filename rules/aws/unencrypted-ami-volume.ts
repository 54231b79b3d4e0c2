import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { dig, several } from '../shared/data.ts'

export default defineRule({
  name: 'unencrypted-ami-volume',
  description: 'A machine image was made of disks that are not encrypted.',
  severity: 'medium',
  schemas: [cloudwatchEvents],
  where: { 'detail.eventName': 'CreateImage' },
  match: ({ detail }) => {
    const disks = several(dig(detail, 'requestParameters', 'blockDeviceMapping', 'items'))
    return disks.some((disk) => dig(disk, 'ebs', 'encrypted') !== true)
  },
  title: ({ detail }) => `${caller(detail)} made image ${parameter(detail, 'name')} with an unencrypted disk`,
  context: ({ detail }) => ({ ...callContext(detail), instance: parameter(detail, 'instanceId') }),
  tags: ['community', 'aws', 'compliance'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html'],
  runbook:
    '1. See what is on the disks of the instance. 2. Make the image anew with encrypted disks, and delete the old one with its snapshots. 3. Switch encryption by default on for the account and region.',
  falsePositives: ['Images whose encryption is left to the default of the account: the call does not state it.'],
})
