import { createHash, timingSafeEqual } from 'node:crypto'
import { secretReference } from '../../core/secrets.ts'
import { type Exchange, type Head, header, refuse, type Refused, type Sender } from './exchange.ts'
import { type SignatureOptions, verifySignature } from './signatures.ts'

export interface AuthOptions {
  /** `sha256:<hex>` or `secret:NAME`. */
  readonly tokens: readonly string[]
  readonly signatures: readonly SignatureOptions[]
}

export interface AuthHost {
  secret(name: string): Promise<string>
  now(): number
}

export interface Auth {
  /** Looks at the head alone: a refusal, the sender, or `signature` where only the body can tell. */
  admit(head: Head): Promise<Refused | Sender | 'signature'>
  /** Checks the signature over the body as it was sent. */
  verify(exchange: Exchange): Promise<Refused | Sender>
}

/** How long the value of a secret is used before it is asked for again: a rotated token works after so long. Milliseconds. */
const secretMs = 60_000

const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** Without tokens and signatures everybody is admitted: the listener is then on loopback, or asks for client certificates. */
export function createAuth({ tokens, signatures }: AuthOptions, host: AuthHost): Auth {
  let known: { readonly hashes: readonly Buffer[]; readonly until: number } | undefined

  /** Only hashes of tokens are kept. */
  async function hashes(): Promise<readonly Buffer[]> {
    if (known && known.until > host.now()) return known.hashes
    const found = await Promise.all(
      tokens.map(async (token) =>
        secretReference.test(token)
          ? sha256(await host.secret(token.slice('secret:'.length)))
          : Buffer.from(token.slice('sha256:'.length), 'hex'),
      ),
    )
    known = { hashes: found, until: host.now() + secretMs }
    return found
  }

  return {
    async admit(head) {
      if (tokens.length === 0 && signatures.length === 0) {
        // A web page can make a browser post to loopback; what it cannot do is leave this out.
        if (head.headers.origin !== undefined) return refuse(403, 'Requests of browsers need a token.')
        return { name: '' }
      }
      const offered = credentialsOf(head)
      const valid = offered.length > 0 ? await hashes() : []
      for (const credential of offered) {
        const given = sha256(credential)
        let found = false
        for (const hash of valid) found = timingSafeEqual(hash, given) || found
        if (found) return { name: given.toString('hex').slice(0, 16) }
      }
      if (signatures.some(({ scheme }) => isSigned(head, scheme))) return 'signature'
      return refuse(401, offered.length > 0 ? 'The token is not valid.' : 'A token is required.', {
        anonymous: offered.length === 0,
        headers: { 'www-authenticate': 'Bearer, Basic realm="StreamAlert"' },
      })
    },
    async verify(exchange) {
      for (const { scheme, key, tolerance } of signatures) {
        if (!isSigned(exchange, scheme)) continue
        const secret = secretReference.test(key) ? await host.secret(key.slice('secret:'.length)) : key
        const valid = verifySignature(scheme, exchange, { key: secret, toleranceMs: tolerance, now: host.now() })
        if (valid) return { name: scheme }
      }
      return refuse(401, 'The signature is not valid, or too old.')
    },
  }
}

const signatureHeaders = {
  github: 'x-hub-signature-256',
  slack: 'x-slack-signature',
  stripe: 'stripe-signature',
  streamalert: 'x-streamalert-signature',
} as const

const isSigned = (head: Head, scheme: SignatureOptions['scheme']) =>
  header(head, signatureHeaders[scheme]) !== undefined

/**
 * Whatever a request offers that may be a token: `Bearer`, `Splunk`, `ApiKey`, the password of Basic (or `user:password` as a
 * whole), and the access key of Firehose.
 */
function credentialsOf(head: Head): readonly string[] {
  const [scheme = '', value = ''] = (header(head, 'authorization') ?? '').split(/ +(.*)/s)
  const firehose = header(head, 'x-amz-firehose-access-key')
  const found = firehose === undefined ? [] : [firehose]
  const kind = scheme.toLowerCase()
  if (['bearer', 'splunk', 'apikey'].includes(kind)) found.push(value.trim())
  if (kind === 'basic' || kind === 'apikey') {
    const pair = Buffer.from(value, 'base64').toString()
    const password = pair.slice(pair.indexOf(':') + 1)
    found.push(pair, password)
  }
  return found.filter((one) => one !== '')
}
