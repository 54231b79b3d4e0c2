const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const group = /^[0-9a-f]{1,4}$/i

/** True for an IPv4 or IPv6 address as text (RFC 4291 §2.2; a zone after `%` is allowed, RFC 4007). */
export function isIp(text: string): boolean {
  return ipv4.test(text) || (text.length <= 80 && text.includes(':') && isIpv6(text))
}

function isIpv6(text: string): boolean {
  const [address, zone] = text.split('%', 2) as [string, string?]
  if (zone === '') return false
  const halves = address.split('::')
  if (halves.length > 2) return false
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)!
  const embedded = last.at(-1)?.includes('.') ? last.pop()! : undefined
  if (embedded !== undefined && !ipv4.test(embedded)) return false
  const all = groups.flat()
  const room = 8 - (embedded === undefined ? 0 : 2)
  return all.every((part) => group.test(part)) && (halves.length === 2 ? all.length < room : all.length === room)
}
