import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

/** Who may send. */
export interface Senders {
  /** `address`: as sockets tell it; undefined when the far end has gone already. */
  allows(address: string | undefined): boolean
}

/** True for `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}

/** The option `from` of sources whose senders say no secret. */
export const fromOption = z
  .array(z.string().refine(isNetwork, 'is not an address or a network: write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32'))
  .default([])
  .meta({ description: 'Addresses and networks that may send. Default: whoever can connect.' })

/** Of an empty list: anyone. */
export function createSenders(networks: readonly string[]): Senders {
  if (networks.length === 0) return { allows: (address) => address !== undefined }
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family)
  }
  return {
    allows(given) {
      // Without its zone, and without the form that IPv4 has on sockets of IPv6.
      const address = given?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '') ?? ''
      const version = isIP(address)
      return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
    },
  }
}
