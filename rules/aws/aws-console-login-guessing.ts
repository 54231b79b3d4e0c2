import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext } from '../shared/aws.ts'

export default defineRule({
  name: 'aws-console-login-guessing',
  description: 'One address failed to sign in to the AWS console again and again: somebody guesses passwords.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventName: 'ConsoleLogin', 'responseElements.ConsoleLogin': 'Failure' },
  threshold: { count: 10, per: ['sourceIPAddress'], window: '15m' },
  title: (event) => `${event.sourceIPAddress} guesses passwords of account ${event.recipientAccountId}`,
  context: callContext,
  tags: ['aws', 'identity'],
  attack: ['T1110'],
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html',
  ],
  runbook:
    '1. See which users were tried, and whether one of them signed in from the address since. 2. If so, end their sessions and reset their password. 3. See that all users have a second factor.',
  falsePositives: [
    'A user with a wrong password in a password manager.',
    'An office behind one address on the day passwords expire.',
  ],
})
