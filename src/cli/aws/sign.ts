import { createHash, createHmac } from 'node:crypto'

/** Keys that sign. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What is signed for, and when. */
export interface Signing {
  readonly service: string
  readonly region: string
  /** Epoch milliseconds. */
  readonly now: number
}

export interface Unsigned {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Headers that sign a request by Signature Version 4, `host` among them:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * The query must be encoded as `queryText` does it.
 */
export async function signedHeaders(
  { method, url, headers, body }: Unsigned,
  keys: Keys,
  { service, region, now }: Signing,
): Promise<Record<string, string>> {
  const { SignatureV4 } = await import('@smithy/signature-v4')
  type Sha256 = ConstructorParameters<typeof SignatureV4>[0]['sha256']
  const signer = new SignatureV4({
    ...{ service, region, credentials: keys, applyChecksum: false },
    sha256: sha256 as unknown as Sha256,
  })
  const signed = await signer.sign(
    {
      ...{ method, protocol: url.protocol, hostname: url.hostname, path: url.pathname },
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      ...(body !== undefined && { body }),
    },
    { signingDate: new Date(now) },
  )
  return signed.headers
}

/** A query with everything percent-encoded that RFC 3986 does not call unreserved. */
export const queryText = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map((pair) => pair.map(encoded).join('='))
    .join('&')

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

/** SHA-256 in the form that the signer makes objects of. */
function sha256(secret?: string | Uint8Array) {
  const hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  return {
    update: (data: string | Uint8Array) => void hash.update(data),
    digest: async () => new Uint8Array(hash.digest()),
    reset() {},
  }
}
