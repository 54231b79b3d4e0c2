import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { dig } from '../shared/data.ts'

export default defineRule({
  name: 'aws-ssm-shell-on-machines',
  description: 'Somebody ran a shell on machines through Systems Manager: it needs no open port and no key.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: [
    {
      eventSource: 'ssm.amazonaws.com',
      eventName: 'SendCommand',
      errorCode: { exists: false },
      'requestParameters.documentName': {
        oneOf: ['AWS-RunShellScript', 'AWS-RunPowerShellScript', 'AWS-RunRemoteScript'],
      },
    },
    { eventSource: 'ssm.amazonaws.com', eventName: 'StartSession', errorCode: { exists: false } },
  ],
  title: (event) =>
    `${caller(event)} ${event.eventName === 'StartSession' ? `opened a shell on ${parameter(event, 'target')}` : `ran ${parameter(event, 'documentName')} on machines`}`,
  context: (event) => ({
    ...callContext(event),
    machines: dig(event.requestParameters, 'instanceIds'),
    targets: dig(event.requestParameters, 'targets'),
  }),
  merge: { by: ['userIdentity.arn', 'eventName'], window: '1h' },
  tags: ['aws', 'hosts'],
  attack: ['T1651', 'T1021.008'],
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html',
  ],
  runbook:
    '1. Ask the caller for the change or ticket. 2. Read what was run: the output lies in Systems Manager, S3 or CloudWatch Logs. 3. If it was not they, end the sessions, lock the credentials and isolate the machines.',
  falsePositives: ['Administrators at work, and patching. Name their roles in the conditions of the rule.'],
})
