import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter, sensitivePorts } from '../shared/aws.ts'
import { dig, digText, several } from '../shared/data.ts'

export default defineRule({
  name: 'aws-security-group-sensitive-port-open',
  description: 'A security group lets the whole internet reach a port for remote access, a database or the like.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventSource: 'ec2.amazonaws.com', eventName: 'AuthorizeSecurityGroupIngress', errorCode: { exists: false } },
  match: (event) => openPorts(event).length > 0,
  title: (event) =>
    `${caller(event)} opened ${openPorts(event).join(', ')} of ${parameter(event, 'groupId') || parameter(event, 'groupName')} to the internet`,
  context: callContext,
  merge: { by: ['requestParameters.groupId'], window: '1h' },
  tags: ['aws', 'exposure', 'infrastructure', 'compliance'],
  attack: ['T1686.001'],
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  runbook:
    '1. Revoke the rule, or narrow it to the networks that need it. 2. See which machines use the group and look at connections to them since. 3. Ask the caller what they needed; Session Manager or a VPN usually serves.',
  falsePositives: ['Services that are public on purpose, and honeypots.'],
})

/** Sensitive ports that the call opens to every address; `all ports` when it does so for all. */
function openPorts(event: { readonly requestParameters?: unknown }): readonly string[] {
  const request = event.requestParameters
  const rules = [request, ...several(dig(request, 'ipPermissions', 'items'))].filter(isForAll)
  if (rules.some((rule) => digText(rule, 'ipProtocol') === '-1')) return ['all ports']
  return sensitivePorts
    .filter((port) =>
      rules.some((rule) => Number(dig(rule, 'fromPort')) <= port && port <= Number(dig(rule, 'toPort'))),
    )
    .map((port) => `port ${port}`)
}

function isForAll(rule: unknown): boolean {
  const networks = [
    dig(rule, 'cidrIp'),
    ...several(dig(rule, 'ipRanges', 'items')).map((range) => dig(range, 'cidrIp')),
    ...several(dig(rule, 'ipv6Ranges', 'items')).map((range) => dig(range, 'cidrIpv6')),
  ]
  return networks.some((network) => network === '0.0.0.0/0' || network === '::/0')
}
