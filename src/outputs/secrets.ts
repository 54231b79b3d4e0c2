import type { OutputHost } from '../core/component.ts'

/** Matches a value that stands for a secret: `secret:NAME`. */
export const secretName = /^secret:[A-Za-z0-9_.-]+$/

/** Gives the secrets of one send, and keeps them out of what is said about it. */
export interface Secrets {
  /** A value of the configuration, or the secret it stands for. Throws SECRET_MISSING. */
  readonly reveal: (value: string) => Promise<string>
  /** `text` without any secret that was revealed, for errors and logs. */
  readonly redact: (text: string) => string
}

/** Made anew for each send: secrets are in memory only as long as they are needed, and a new value is taken at once. */
export function secretsOf(host: Pick<OutputHost, 'secret'>): Secrets {
  const used = new Set<string>()
  return {
    async reveal(value) {
      if (!secretName.test(value)) return value
      const secret = await host.secret(value.slice('secret:'.length))
      if (secret !== '') used.add(secret)
      return secret
    },
    // The longest first: one secret may be part of another.
    redact: (text) =>
      [...used].sort((a, b) => b.length - a.length).reduce((left, secret) => left.replaceAll(secret, '•••'), text),
  }
}
