import { createVerify as createVerifier, X509Certificate } from 'node:crypto'
import { type Refused, refuse } from '../exchange.ts'

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export interface SnsMessage {
  readonly Type: string
  readonly MessageId: string
  readonly TopicArn: string
  readonly Message: string
  /** ISO 8601. */
  readonly Timestamp: string
  readonly SignatureVersion: string
  readonly Signature: string
  readonly SigningCertURL: string
  readonly Subject?: string
  readonly SubscribeURL?: string
  readonly Token?: string
}

export interface VerifyOptions {
  /** ARNs. */
  readonly topics: readonly string[]
  readonly maxAgeMs: number
}

interface VerifyHost {
  now(): number
  readonly fetch: typeof globalThis.fetch
}

/**
 * Checks messages of SNS: a refusal, or undefined for one that is genuine, of a configured topic and not too old.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function createVerify({ topics, maxAgeMs }: VerifyOptions, host: VerifyHost) {
  const certificates = createCertificates(host)
  return async (message: SnsMessage): Promise<Refused | undefined> => {
    const { TopicArn, Timestamp, SignatureVersion, Signature, SigningCertURL } = message
    if (!topics.includes(TopicArn)) return refuse(403, 'The topic is not configured.')
    const algorithm = SignatureVersion === '1' ? 'RSA-SHA1' : SignatureVersion === '2' ? 'RSA-SHA256' : undefined
    if (!algorithm) return refuse(403, 'The version of the signature is not known.')
    if (!isCertificateOfSns(SigningCertURL)) return refuse(403, 'SigningCertURL is not an address of SNS.')
    if (!(host.now() - Date.parse(Timestamp) <= maxAgeMs)) return refuse(403, 'The message is too old.')
    const certificate = await certificates(SigningCertURL)
    if (!certificate) return refuse(503, 'The certificate of SNS cannot be had.', { retryAfter: retryMs / 1_000 })
    const { publicKey, validFrom, validTo } = certificate
    if (host.now() < Date.parse(validFrom) || host.now() > Date.parse(validTo)) {
      return refuse(403, 'The certificate is not valid at this time.')
    }
    const verifier = createVerifier(algorithm).update(signedText(message))
    return publicKey.asymmetricKeyType === 'rsa' && verifier.verify(publicKey, Signature, 'base64')
      ? undefined
      : refuse(403, 'The signature is not valid.')
  }
}

/** Names and values of what is signed, each on a line, in this order; which ones depends on the type. */
function signedText(message: SnsMessage): string {
  const names =
    message.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const)
  return names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('')
}

/** `https://sns.<region>.amazonaws.com/…`, also of AWS in China; nothing else is ever asked. */
export function isAddressOfSns(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return false
  return /^sns\.[a-z0-9-]{4,30}\.amazonaws\.com(\.cn)?$/.test(url.hostname)
}

const isCertificateOfSns = (text: string) =>
  isAddressOfSns(text) && /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/.test(new URL(text).pathname)

const patienceMs = 5_000
/** A certificate is fetched again after a day; one that could not be had, after a while. Milliseconds. */
const keepMs = 86_400_000
const retryMs = 30_000
/** Whoever can reach us could name any number of them. */
const most = { certificates: 20, bytes: 65_536 }

/** Certificates by their addresses, each fetched once. Undefined when it cannot be had for now. */
function createCertificates({ now, fetch }: VerifyHost) {
  const known = new Map<
    string,
    { readonly until: number; readonly certificate: Promise<X509Certificate | undefined> }
  >()

  async function load(url: string): Promise<X509Certificate | undefined> {
    try {
      const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) })
      if (!response.ok || !response.body) return undefined
      const chunks: Uint8Array[] = []
      let bytes = 0
      for await (const chunk of response.body) {
        bytes += chunk.byteLength
        if (bytes > most.bytes) return undefined
        chunks.push(chunk)
      }
      return new X509Certificate(Buffer.concat(chunks))
    } catch {
      return undefined
    }
  }

  async function retryLater(url: string, certificate: Promise<X509Certificate | undefined>): Promise<void> {
    if (!(await certificate)) known.set(url, { until: now() + retryMs, certificate })
  }

  return (text: string): Promise<X509Certificate | undefined> => {
    const { origin, pathname } = new URL(text)
    const url = origin + pathname
    for (const [name, { until }] of known) if (until <= now()) known.delete(name)
    const found = known.get(url)
    if (found) return found.certificate
    if (known.size >= most.certificates) return Promise.resolve(undefined)
    const certificate = load(url)
    known.set(url, { until: now() + keepMs, certificate })
    void retryLater(url, certificate)
    return certificate
  }
}
