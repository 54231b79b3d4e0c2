import type { Call } from '../offline/evaluate-policy.ts'
import type { Shown } from '../offline/state.ts'
import { account } from './iam.ts'

/**
 * What Lambda asks of EC2 with the role of a function that is in a network: all that AWS documents, and nothing more
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions). What looks is asked of no resource.
 */
const asked: Readonly<Record<string, readonly string[]>> = {
  'ec2:CreateNetworkInterface': [
    'network-interface/*',
    'security-group/sg-0123456789abcdef0',
    'subnet/subnet-0123456789abcdef0',
  ],
  'ec2:DeleteNetworkInterface': ['network-interface/eni-0123456789abcdef0'],
  'ec2:AssignPrivateIpAddresses': ['network-interface/eni-0123456789abcdef0'],
  'ec2:UnassignPrivateIpAddresses': ['network-interface/eni-0123456789abcdef0'],
  'ec2:DescribeNetworkInterfaces': [],
  'ec2:DescribeSubnets': [],
}

/** Those calls, of a function as it was applied; none where it is in no network. */
export function networkCalls({ vpc_config: config, arn }: Shown['values']): readonly Call[] {
  if (((config ?? []) as readonly unknown[]).length === 0) return []
  const region = String(arn).split(':')[3]
  return Object.entries(asked).flatMap(([action, of]) =>
    of.length === 0
      ? [{ action, resource: '*' }]
      : of.map((one) => ({ action, resource: `arn:aws:ec2:${region}:${account}:${one}` })),
  )
}

/**
 * The same calls, made by the function's code, which may make none of them: what code asks carries the function's ARN
 * (https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html).
 */
export const networkCallsByCode = (values: Shown['values']): readonly Call[] =>
  networkCalls(values).map((call) => ({ ...call, context: { 'lambda:SourceFunctionArn': String(values['arn']) } }))
