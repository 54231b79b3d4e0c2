import ipaddr from 'ipaddr.js'
import { CodedError, messageOf } from '../core/errors.ts'

/**
 * Whether an address lies in one of the networks (RFC 4632, RFC 4291 §2.3), such as `10.0.0.0/8`, `2001:db8::/32` or a
 * single address. IPv4 in IPv6 form counts as IPv4. What is no address is in none. Throws RULE_INVALID for what is no network.
 */
export function cidr(...networks: readonly string[]): (address: unknown) => boolean {
  const parsed = networks.map(parseNetwork)
  return (text) => {
    const address = parseAddress(text)
    if (!address) return false
    return parsed.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
  }
}

/** Ranges that nobody routes: RFC 1918, RFC 6598, RFC 4193, loopback, link-local, unspecified. What is no address is not private. */
export function isPrivateAddress(text: unknown): boolean {
  const address = parseAddress(text)
  return address !== undefined && unrouted.has(address.range())
}

const unrouted = new Set(['private', 'carrierGradeNat', 'uniqueLocal', 'loopback', 'linkLocal', 'unspecified'])

type Address = ipaddr.IPv4 | ipaddr.IPv6

function parseNetwork(text: string): [Address, number] {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text)
    const address = ipaddr.process(text)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  } catch (error) {
    throw new CodedError('RULE_INVALID', `"${text}" is no network: ${messageOf(error)}.`)
  }
}

/** Only the usual notation: `127.1` and `0x7f.1` are no addresses in logs. */
function parseAddress(text: unknown): Address | undefined {
  if (typeof text !== 'string' || text.length > 64) return undefined
  const isAddress = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text)
  return isAddress ? ipaddr.process(text) : undefined
}
