import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { SecretProvider, SourceHost } from '../../core/component.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Answer, Incoming } from '../../sources/http/exchange.ts'
import { createResponder, type ResponderOptions } from '../../sources/http/respond.ts'
import type { HttpResponse } from './http-response.ts'
import { secretsOf, valueOf } from './secrets.ts'
import type { Place, Surroundings } from './surroundings.ts'

/** What answers requests of senders that cannot sign with IAM: as a source of the kind `http` does, by its tokens and signatures. */
export interface Requests {
  readonly source: string
  answer(event: RequestEvent, ingest: Ingest): Promise<HttpResponse>
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export interface RequestEvent {
  readonly rawPath?: string
  readonly rawQueryString?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly isBase64Encoded?: boolean
  readonly requestContext: {
    readonly http: { readonly method: string }
    readonly requestId?: string
    readonly timeEpoch?: number
    /** Present where IAM has let the request in. */
    readonly authorizer?: { readonly iam?: unknown } | null
  }
}

/** True for a request whose caller IAM knows. */
export const isSigned = ({ requestContext }: RequestEvent): boolean => {
  const iam = requestContext.authorizer?.iam
  return typeof iam === 'object' && iam !== null
}

/**
 * What a sender itself names (a key of idempotency, the id of a delivery) gives records the same ids when it is sent again. `options`: those
 * of the source.
 */
export function createRequests(
  { name, options }: { readonly name: string; readonly options: unknown },
  around: Surroundings,
  { place, host, secrets = secretsOf('ingest', around, place) }: RequestsHost,
): Requests {
  const given = options as ResponderOptions
  const { tokens, signatures, protocols, repeats } = given
  // Without tokens and signatures the source would let everybody in: it trusts its address then, which here is open to all.
  const known = tokens.length + signatures.length > 0 ? protocols : protocols.filter((one) => one === 'sns')
  const config = { ...given, protocols: known, repeats: { ...repeats, body: false as const } }
  const secret = (wanted: string) => valueOf(secrets, wanted)
  // A function is given one event at a time.
  let current: { readonly event: RequestEvent; readonly ingest: Ingest } | undefined

  async function append(entries: readonly Entry[], { key }: { readonly key?: string } = {}): Promise<'stored'> {
    const { event, ingest } = current!
    const { requestId = '', timeEpoch = around.now() } = event.requestContext
    const id = hash('sha256', key ?? requestId).slice(0, 32)
    const deliveries = entries.map(({ bytes, framing }, n): Delivery => {
      const origin = `url/${name.replace(':', '/')}/${id}/${n}`
      return {
        ...{ id: origin, source: name, receivedAt: timeEpoch, origin, size: bytes.length },
        ...(framing && { framing }),
        async *body() {
          yield bytes
        },
      }
    })
    if (!(await ingest(deliveries))) throw new CodedError('SOURCE_FAILED', 'The records could not be stored.')
    return 'stored'
  }

  const respond = createResponder(config, { ...host, name, secret }, { append })
  return {
    source: name,
    async answer(event, ingest) {
      current = { event, ingest }
      return responseOf(await respond(incoming(event), () => {}))
    },
  }
}

/** Answers whether all is durable. */
type Ingest = (deliveries: readonly Delivery[]) => Promise<boolean>

type Entry = Pick<Delivery, 'framing'> & { readonly bytes: Uint8Array }

export interface RequestsHost {
  readonly place: Place
  readonly host: Omit<SourceHost, 'name' | 'secret'>
  /** Default: the function's part of Secrets Manager. */
  readonly secrets?: SecretProvider
}

function incoming(event: RequestEvent): Incoming {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8')
  const query = event.rawQueryString ? `?${event.rawQueryString}` : ''
  const { headers = {}, rawPath = '/' } = event
  const stream = Readable.from(body.length > 0 ? [body] : [])
  return Object.assign(stream, {
    ...{ method: event.requestContext.http.method, url: `${rawPath}${query}`, complete: true },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  })
}

function responseOf({ status, headers = {}, body = '' }: Answer): HttpResponse {
  const type = { 'content-type': 'application/json', ...headers }
  if (typeof body === 'string') return { statusCode: status, headers: type, body }
  return { statusCode: status, headers: type, body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
}
