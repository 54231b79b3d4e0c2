import type { OutputHost } from '../../core/component.ts'
import { CodedError, type Code, type ErrorOptions } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { exchange, refusal, setHeader } from '../http.ts'
import { secretsOf } from '../secrets.ts'
import { jsonOf } from './cut.ts'

export interface VendorRequest {
  /** Default POST. */
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'GET'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** The body, as a value. */
  readonly json?: unknown
  /** True for an answer that is as good as success, whatever its status: that of a vendor who has the alert already. */
  readonly accept?: (answer: unknown, status: number) => boolean
}

/** How errors speak of a vendor. */
export interface VendorTraits {
  /** The product. */
  readonly name: string
  /** Status → what to do about it. */
  readonly hints?: Readonly<Record<number, string>>
  /** Statuses beside 429 that mean: too many requests. */
  readonly limits?: readonly number[]
}

/** Parts of a secret address that are shorter are words, not keys. */
const shortestPart = 20

/** One send to one vendor: its secrets, and its requests. What it throws names the vendor and tells no secret. */
export interface VendorSend {
  /** A secret of the configuration; it is told nowhere, even when it stands there in plain text. Throws SECRET_MISSING. */
  readonly secret: (value: string) => Promise<string>
  /** An address that is itself a secret; its path and the parts of it are told no more than the whole. */
  readonly secretAddress: (url: string) => Promise<string>
  /** A base address of the configuration without slashes at its end; it may stand for a secret. */
  readonly base: (url: string) => Promise<string>
  /** The value of `Authorization` for a user and a password (RFC 7617). */
  readonly basic: (user: string, password: string) => string
  /** Sends a request and answers the JSON of a 2xx response; undefined where there is none. Throws as `sendHttp`. */
  readonly call: (request: VendorRequest) => Promise<unknown>
  readonly failure: (code: Code, message: string, options?: ErrorOptions) => CodedError
}

export function vendorSend(host: OutputHost, signal: AbortSignal, { name, ...traits }: VendorTraits): VendorSend {
  const { reveal, hide, redact } = secretsOf(host)
  return {
    secret: async (value) => hide(await reveal(value)),
    secretAddress: async (url) => hideAddress(await reveal(url), hide),
    base: async (url) => (await reveal(url)).replace(/\/+$/, ''),
    basic: (user, password) => `Basic ${hide(Buffer.from(`${user}:${password}`).toString('base64'))}`,
    async call({ method = 'POST', url, headers: given = {}, json, accept }) {
      const headers = new Headers({ accept: 'application/json', 'user-agent': 'StreamAlert' })
      for (const [header, value] of Object.entries(given)) setHeader(headers, header, value)
      if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
      const body = json === undefined ? {} : { body: jsonOf(json) }
      const means = { ...traits, fetch: host.fetch, signal, now: host.now(), redact, vendor: name }
      const { response, text } = await exchange({ method, url, headers, ...body }, means)
      const result = parseJson(text)
      const answer = 'value' in result ? result.value : undefined
      if (!response.ok && accept?.(answer, response.status) !== true) throw refusal(response, text, means)
      return answer
    },
    failure: (code, message, options) => new CodedError(code, redact(message), options),
  }
}

/** Hides an address that is a secret, its path with the query, and the parts of the path that may be keys. Answers it. */
export function hideAddress(url: string, hide: (text: string) => string): string {
  const { pathname = '', search = '' } = URL.parse(url) ?? {}
  if (pathname.length > 1) hide(`${pathname}${search}`)
  for (const part of pathname.split('/').filter((name) => name.length >= shortestPart)) hide(part)
  return hide(url)
}
