import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'
import { caller, dig, digText, several } from '../../lib/aws.ts'

/** Web servers are meant to be reached from everywhere. */
const publicPorts = new Set(['80', '443'])

/** The ports that a request opens to the whole internet. */
function opened(request: unknown): string[] {
  return several(dig(request, 'ipPermissions', 'items')).flatMap((permission) => {
    const everywhere =
      several(dig(permission, 'ipRanges', 'items')).some((range) => dig(range, 'cidrIp') === '0.0.0.0/0') ||
      several(dig(permission, 'ipv6Ranges', 'items')).some((range) => dig(range, 'cidrIpv6') === '::/0')
    const from = digText(permission, 'fromPort')
    const to = digText(permission, 'toPort')
    if (!everywhere || (from === to && publicPorts.has(from))) return []
    // Without ports the permission is for all of them.
    return [from === to ? from || 'all' : `${from}-${to}`]
  })
}

export default defineRule({
  name: 'security-group-open-to-world',
  description: 'A security group was opened to every address of the internet on a port that is not for the web.',
  severity: 'medium',
  schemas: [cloudtrailEvents],
  merge: { by: ['userIdentity.arn'], window: '15m' },
  attack: ['T1686.001'],
  match: (event) =>
    event.eventName === 'AuthorizeSecurityGroupIngress' &&
    !event.errorCode &&
    opened(event.requestParameters).length > 0,
  title: (event) =>
    `${caller(event.userIdentity)} opened port ${opened(event.requestParameters).join(', ')} of ${digText(event.requestParameters, 'groupId')} to everyone`,
  context: (event) => ({ address: event.sourceIPAddress, client: event.userAgent }),
})
