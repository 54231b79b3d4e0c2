import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'
import { caller, dig, several } from '../../lib/aws.ts'

/** Web servers are meant to be reached from everywhere. */
const publicPorts = new Set([80, 443])

/** The ports that a request opens to the whole internet. */
function opened(request: unknown): string[] {
  return several(dig(request, 'ipPermissions', 'items')).flatMap((permission) => {
    const everywhere =
      several(dig(permission, 'ipRanges', 'items')).some((range) => dig(range, 'cidrIp') === '0.0.0.0/0') ||
      several(dig(permission, 'ipv6Ranges', 'items')).some((range) => dig(range, 'cidrIpv6') === '::/0')
    const from = dig(permission, 'fromPort')
    const to = dig(permission, 'toPort')
    if (!everywhere || (from === to && publicPorts.has(from as number))) return []
    return [from === to ? String(from ?? 'all') : `${from}-${to}`]
  })
}

export default defineRule({
  name: 'security-group-open-to-world',
  description: 'A security group was opened to every address of the internet on a port that is not for the web.',
  severity: 'medium',
  schemas: [cloudtrailEvents],
  merge: { by: ['userIdentity.arn'], window: '15m' },
  tags: ['attack.t1562.007'],
  match: (event) =>
    event.eventName === 'AuthorizeSecurityGroupIngress' &&
    !event.errorCode &&
    opened(event.requestParameters).length > 0,
  title: (event) =>
    `${caller(event.userIdentity)} opened port ${opened(event.requestParameters).join(', ')} of ${dig(event.requestParameters, 'groupId')} to everyone`,
})
