import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter } from '../shared/aws.ts'
import { dig } from '../shared/data.ts'

export default defineRule({
  name: 'cloudtrail-security-group-ingress-anywhere',
  description: 'A security group lets traffic in from every address of the internet.',
  severity: 'medium',
  schemas: [cloudwatchEvents],
  where: [
    {
      'detail.eventName': 'AuthorizeSecurityGroupIngress',
      'detail.requestParameters.ipPermissions.items.ipRanges.items.cidrIp': '0.0.0.0/0',
    },
    {
      'detail.eventName': 'AuthorizeSecurityGroupIngress',
      'detail.requestParameters.ipPermissions.items.ipv6Ranges.items.cidrIpv6': '::/0',
    },
    // The short form of the call, with one network.
    { 'detail.eventName': 'AuthorizeSecurityGroupIngress', 'detail.requestParameters.cidrIp': '0.0.0.0/0' },
  ],
  title: ({ detail }) =>
    attempt(
      detail,
      `opened security group ${parameter(detail, 'groupId')} to the internet`,
      `open security group ${parameter(detail, 'groupId')} to the internet`,
    ),
  context: ({ detail }) => ({
    ...callContext(detail),
    permissions: dig(detail, 'requestParameters', 'ipPermissions', 'items'),
  }),
  merge: { by: ['detail.requestParameters.groupId'], window: '1h' },
  tags: ['community', 'aws', 'exposure'],
  attack: ['T1686.001'],
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html'],
  runbook:
    '1. See which ports the group opens and which machines use it. 2. If it is no public service, revoke the rule. 3. Look at the flow logs of those machines for connections from outside since.',
  falsePositives: ['Load balancers and web servers that serve the public on ports 80 and 443.'],
})
