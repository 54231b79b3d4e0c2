/** What the rules for AWS ask of a CloudTrail event. Events are taken as `unknown`: EventBridge carries them untyped. */
import { dig, digText } from './data.ts'

/** Who made the call, as people say it: the user's name, `root`, or the role and its session. */
export function caller(event: unknown): string {
  const identity = dig(event, 'userIdentity')
  if (digText(identity, 'type') === 'Root') return 'root'
  const fromArn = digText(identity, 'arn').split('/').slice(1).join('/')
  return (
    digText(identity, 'userName') ||
    fromArn ||
    digText(identity, 'invokedBy') ||
    digText(identity, 'type') ||
    'somebody'
  )
}

/** What whoever looks at an AWS alert asks first. */
export const callContext = (event: unknown) => ({
  by: caller(event),
  identity: digText(event, 'userIdentity', 'arn'),
  accessKey: digText(event, 'userIdentity', 'accessKeyId'),
  address: digText(event, 'sourceIPAddress'),
  client: digText(event, 'userAgent'),
  account: digText(event, 'recipientAccountId') || digText(event, 'userIdentity', 'accountId'),
  region: digText(event, 'awsRegion'),
  call: digText(event, 'eventName'),
  error: digText(event, 'errorCode'),
})

/** A parameter of the call, as text; empty when it has none. */
export const parameter = (event: unknown, ...path: readonly string[]) => digText(event, 'requestParameters', ...path)

/** `deleted trail x`, or `tried to …` for a call that was refused: for titles. */
export const attempt = (event: unknown, done: string, tried: string) =>
  digText(event, 'errorCode') === '' ? `${caller(event)} ${done}` : `${caller(event)} tried to ${tried}`

/** Groups of S3 that stand for everybody, and for everybody who has any AWS account. */
export const publicGroups = [
  'http://acs.amazonaws.com/groups/global/AllUsers',
  'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
] as const

/** Ready-made access lists of S3 that grant something to one of those groups. */
export const publicLists = ['public-read', 'public-read-write', 'authenticated-read'] as const

/** Ports that attackers scan the internet for: remote access, databases, and the doors of containers and search engines. */
export const sensitivePorts = [
  21, 22, 23, 135, 139, 445, 1433, 1521, 2375, 2376, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 6443, 9200, 9300, 10250,
  11211, 27017,
] as const
