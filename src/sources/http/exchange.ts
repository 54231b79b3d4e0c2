import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { SpoolEntry } from '../spool/index.ts'

/** A request as it comes in, from a socket or from whoever has taken it from one. */
export type Incoming = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'complete' | 'destroyed' | 'iterator'>

/** Who sent a request. */
export interface Sender {
  /** The same for the same credential: what senders call their requests is theirs alone. Never the credential. */
  readonly name: string
}

/** A request as far as it is known before its body. */
export interface Head {
  readonly method: string
  /** Without query, and without a slash at its end. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
}

/** A request with its body. */
export interface Exchange extends Head {
  /** Decompressed. */
  readonly body: Buffer
  /** As it was sent. */
  readonly sent: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON, unless `headers` say otherwise. */
  readonly body?: string | Uint8Array
}

/** What a protocol made of a request: what to keep, and what to say once that is durable. */
export interface Intake {
  readonly entries: readonly SpoolEntry[]
  /** The sender's own name for this request, the same when it is sent again. Default: the hash of the body. */
  readonly key?: string
  /** Where the sender has several streams, the name of this one: what it repeats, it repeats there. */
  readonly channel?: string
  /** Records that were not understood and are not among the entries. */
  readonly refused?: number
  readonly answer: Answer
}

/** Why a request is refused, in terms of HTTP. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 503
  readonly reason: string
  /** Of 401: nothing was offered, as opposed to something wrong. */
  readonly anonymous?: boolean
  /** Seconds. */
  readonly retryAfter?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** What a route makes of a request: records to keep, an answer at once, or a refusal. */
export type Outcome = Intake | Answer | Refused

/** What a protocol does with one kind of request. */
export interface Route {
  /** True: answered without authentication, and without the body. */
  readonly open?: boolean
  /** Of senders that prove by the body itself who they are: instead of tokens and signatures, before the body is decompressed. */
  verify?(exchange: Exchange): Promise<Refused | Sender>
  handle(exchange: Exchange): Outcome | Promise<Outcome>
}

/** One way of sending logs over HTTP: requests in, entries and answers out. It never touches a socket. */
export interface Protocol {
  readonly name: string
  /** The route of a request; undefined when it is none of this protocol's. */
  route(head: Head): Route | undefined
  /** A refusal in the protocol's own form. */
  refuse(head: Head, refusal: Refusal): Answer
}

/** What protocols that carry single records do with them. */
export interface RecordOptions {
  /** Fields of a JSON record that hold the original text. */
  readonly text: readonly string[]
  /** Whether a record is given with what its protocol puts around it. */
  readonly envelope: boolean
}

/** Instead of what was asked for. */
export interface Refused {
  readonly refusal: Refusal
}

export const refuse = (status: Refusal['status'], reason: string, more: Partial<Refusal> = {}): Refused => ({
  refusal: { status, reason, ...more },
})

export const isRefused = (value: object): value is Refused => 'refusal' in value

/** An answer in JSON. */
export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
})

/** Headers that a refusal asks for, in every protocol. */
export const refusalHeaders = ({ retryAfter, headers }: Refusal): Readonly<Record<string, string>> => ({
  ...headers,
  ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
})

/** A header that comes once, or the first of several. */
export function header(head: Head, name: string): string | undefined {
  const value = head.headers[name]
  return Array.isArray(value) ? value[0] : value
}
