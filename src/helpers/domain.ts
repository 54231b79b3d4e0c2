/** A domain name, taken apart. */
export interface DomainParts {
  /** Lower case, without a dot at its end. */
  readonly name: string
  /** The last label, or the last two where a country sells names below such as `co.uk`. */
  readonly suffix: string
  /** What somebody registered: the suffix and one label more. Empty for a suffix alone. */
  readonly registered: string
  /** What stands before that; empty where nothing does. */
  readonly subdomain: string
}

/** Second labels under which countries sell names. The common ones: this is not the Public Suffix List. */
const sold = new Set(['ac', 'co', 'com', 'edu', 'gob', 'gov', 'gouv', 'go', 'mil', 'ne', 'net', 'nom', 'or', 'org'])

const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/

/** Takes a domain name apart (RFC 1035 §2.3.1, with the underscores of real DNS). Undefined for anything else, such as an address. */
export function domainParts(text: unknown): DomainParts | undefined {
  if (typeof text !== 'string' || text.length > 254) return undefined
  const name = text.toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  const top = labels.at(-1)!
  if (!labels.every((one) => label.test(one)) || /^\d+$/.test(top)) return undefined
  const size = labels.length > 2 && top.length === 2 && sold.has(labels.at(-2)!) ? 2 : 1
  const registered = labels.length > size ? labels.slice(-size - 1).join('.') : ''
  const subdomain = labels.slice(0, -size - 1).join('.')
  return { name, suffix: labels.slice(-size).join('.'), registered, subdomain }
}

/** The host of a URL or of `host:port`, in lower case, without brackets around an IPv6 address. Undefined: there is none. */
export function hostOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 65_536) return undefined
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const host = URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, '$1')
  return host === '' ? undefined : host
}
