import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'public-ami',
  description: 'A machine image was opened to all AWS accounts.',
  severity: 'critical',
  schemas: [cloudwatchEvents],
  where: {
    'detail.eventName': 'ModifyImageAttribute',
    'detail.requestParameters.launchPermission.add.items.group': 'all',
  },
  title: ({ detail }) =>
    attempt(
      detail,
      `made image ${parameter(detail, 'imageId')} public`,
      `make image ${parameter(detail, 'imageId')} public`,
    ),
  context: ({ detail }) => callContext(detail),
  tags: ['community', 'aws', 'exposure'],
  attack: ['T1537'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html'],
  runbook:
    '1. Take the permission of the group "all" away. 2. Ask the caller whether the image was meant to be public. 3. Treat keys and passwords on it as known to others, and replace them.',
  falsePositives: ['Vendors that publish machine images.'],
})
