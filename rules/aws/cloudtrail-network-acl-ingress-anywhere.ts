import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { attempt, callContext, parameter } from '../shared/aws.ts'
import { dig } from '../shared/data.ts'

const entry = {
  'detail.eventName': { oneOf: ['CreateNetworkAclEntry', 'ReplaceNetworkAclEntry'] },
  'detail.requestParameters.ruleAction': 'allow',
  'detail.requestParameters.egress': false,
} as const

export default defineRule({
  name: 'cloudtrail-network-acl-ingress-anywhere',
  description: 'A network ACL lets traffic in from every address of the internet.',
  severity: 'medium',
  schemas: [cloudwatchEvents],
  where: [
    { ...entry, 'detail.requestParameters.cidrBlock': '0.0.0.0/0' },
    { ...entry, 'detail.requestParameters.ipv6CidrBlock': '::/0' },
  ],
  title: ({ detail }) =>
    attempt(
      detail,
      `opened network ACL ${parameter(detail, 'networkAclId')} to the internet`,
      `open network ACL ${parameter(detail, 'networkAclId')} to the internet`,
    ),
  context: ({ detail }) => ({ ...callContext(detail), ports: dig(detail, 'requestParameters', 'portRange') }),
  tags: ['community', 'aws', 'exposure'],
  attack: ['T1686.001'],
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html'],
  runbook:
    '1. See which subnets the ACL guards and which ports the entry opens. 2. If the subnets hold no public service, delete the entry. 3. Check the security groups behind it, which are the second wall.',
  falsePositives: [
    'The default ACL of a VPC, and public subnets, allow everything in and leave the choice to security groups.',
  ],
})
