import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-ssh-key-pushed-to-machine',
  description: 'A key for SSH was put on a machine through EC2 Instance Connect, or the serial console was opened.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventName: { oneOf: ['SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey', 'EnableSerialConsoleAccess'] } },
  title: (event) => attempt(event, `called ${event.eventName}`, `call ${event.eventName}`),
  context: (event) => ({
    ...callContext(event),
    machine: parameter(event, 'instanceId'),
    user: parameter(event, 'instanceOSUser'),
  }),
  merge: { by: ['userIdentity.arn', 'eventName'], window: '1h' },
  tags: ['aws', 'hosts'],
  attack: ['T1021.008', 'T1098.004'],
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-linux-inst-eic.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-serial-console.html',
  ],
  runbook:
    '1. Ask the caller whether they signed in to the machine. 2. If not, isolate the machine and lock the credentials. 3. Look at the sign-ins in the log of sshd of the machine.',
  falsePositives: [
    'Administrators who use Instance Connect every day. Name their roles in the conditions of the rule.',
  ],
})
