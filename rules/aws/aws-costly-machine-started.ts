import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter } from '../shared/aws.ts'

/** Families with graphics cards or chips for learning machines, which miners want. */
const costly = /^(?:p\d|g\d|gr\d|trn\d|inf\d|dl\d)[a-z0-9-]*\.|\.(?:24|32|48|56|64|96|112|224)xlarge$|\.metal/

export default defineRule({
  name: 'aws-costly-machine-started',
  description:
    'Somebody started, or tried to start, machines with graphics cards or of great size, as miners do with stolen keys.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventName: { oneOf: ['RunInstances', 'RequestSpotInstances'] } },
  match: (event) => costly.test(kindOf(event)),
  title: (event) => attempt(event, `started ${kindOf(event)} machines`, `start ${kindOf(event)} machines`),
  context: callContext,
  merge: { by: ['userIdentity.arn'], window: '1h' },
  tags: ['aws', 'impact', 'cost'],
  attack: ['T1496.001'],
  references: ['https://aws.amazon.com/ec2/instance-types/'],
  runbook:
    '1. Ask the caller for the project. 2. If there is none, stop the machines in every region and lock the credentials. 3. Look for new users, keys and limits that were raised.',
  falsePositives: ['Teams that train models. Name their roles in the conditions of the rule.'],
})

const kindOf = (event: unknown) =>
  parameter(event, 'instanceType') || parameter(event, 'launchSpecification', 'instanceType')
