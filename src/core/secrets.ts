/** `secret:NAME` in place of a value of the configuration: written down is the name, the value comes from a provider. */

const prefix = 'secret:'

/** Names of secrets: letters, digits and `_ . - + = @ / #`; at most 512 characters. */
export const secretNamePattern = /^[A-Za-z0-9_.+=@/#-]{1,512}$/

/** Matches a value that stands for a secret. */
export const secretReference = /^secret:[A-Za-z0-9_.+=@/#-]{1,512}$/

/** A place in a configuration that stands for a secret, or means to. */
export interface SecretUse {
  /** Undefined: it begins as one, and is none. */
  readonly name: string | undefined
  readonly path: readonly (string | number)[]
}

/** Every text within `value`, however deep, that begins with `secret:`. YAML may refer to itself: each part is searched once. */
export function secretUses(
  value: unknown,
  path: readonly (string | number)[] = [],
  seen = new Set<unknown>(),
): SecretUse[] {
  if (typeof value === 'string' && value.startsWith(prefix)) return [{ name: nameOf(value), path }]
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, inner]) => secretUses(inner, [...path, key], seen))
}

const nameOf = (value: string) => (secretReference.test(value) ? value.slice(prefix.length) : undefined)

/** Gives the secrets of one send, and keeps them out of what is said about it. */
export interface Secrets {
  /** A value of the configuration, or the secret it stands for. Throws SECRET_MISSING. */
  readonly reveal: (value: string) => Promise<string>
  /** A copy of a part of the configuration with every secret in it revealed. */
  readonly revealAll: <T>(value: T) => Promise<T>
  /** Remembers a value that must not be told either, such as one made from secrets, and answers it. */
  readonly hide: (value: string) => string
  /** `text` without any secret that was revealed or hidden, for errors and logs. */
  readonly redact: (text: string) => string
}

/** Made anew for each send: secrets are in memory only as long as they are needed, and a new value is taken at once. */
export function secretsOf(host: { secret(name: string): Promise<string> }): Secrets {
  const used = new Set<string>()
  const hide = (value: string): string => {
    for (const form of formsOf(value)) used.add(form)
    return value
  }
  async function reveal(value: string): Promise<string> {
    const name = nameOf(value)
    return name === undefined ? value : hide(await host.secret(name))
  }
  async function revealAny(value: unknown): Promise<unknown> {
    if (typeof value === 'string') return reveal(value)
    if (Array.isArray(value)) return Promise.all(value.map(revealAny))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await revealAny(inner)] as const)
    return Object.fromEntries(await Promise.all(entries))
  }
  return {
    reveal,
    hide,
    revealAll: async <T>(value: T) => (await revealAny(value)) as T,
    // The longest first: one secret may be part of another.
    redact: (text) =>
      [...used].sort((a, b) => b.length - a.length).reduce((left, secret) => left.replaceAll(secret, '•••'), text),
  }
}

/** A secret as it may stand in an answer or an address. */
function formsOf(secret: string): readonly string[] {
  if (secret === '') return []
  const json = JSON.stringify(secret).slice(1, -1)
  return [secret, json, encodeURIComponent(secret.toWellFormed()), ...partsOfAddress(secret)]
}

/** What is shorter, such as `services`, tells nothing. */
const shortestPart = 12

/** Of an address that is a secret, the parts that make it one: far ends like to repeat the path. */
function partsOfAddress(secret: string): readonly string[] {
  const url = /^https?:/i.test(secret) ? URL.parse(secret) : null
  if (!url) return []
  const path = url.pathname + url.search
  const parts = [...url.pathname.split('/'), ...url.searchParams.values()].filter((part) => part.length >= shortestPart)
  return [url.href, ...(path.length >= shortestPart ? [path, url.pathname] : []), ...parts].filter(
    (part) => part.length > 1,
  )
}
