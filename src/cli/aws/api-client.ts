import { CodedError, codes, type Code, messageOf } from '../../core/errors.ts'
import { isPlainObject } from '../../core/plain.ts'
import { type Keys, queryText, signedHeaders } from './sign.ts'

export interface ApiPlace {
  /** The function's address. */
  readonly url: string
  readonly region: string
  readonly keys: Keys
  /** Epoch milliseconds: part of what is signed. Default: the clock. */
  readonly now?: () => number
}

/** Asks the api; answers the object in its answer. Throws what the api says, or AWS_FAILED. */
export type Ask = (
  method: 'GET' | 'POST',
  path: string,
  with_?: { readonly query?: Readonly<Record<string, string>>; readonly body?: object },
) => Promise<Readonly<Record<string, unknown>>>

const timeoutMs = 40_000
/** A function answers 6 MB at most. */
const mostBytes = 8_000_000

/**
 * Requests that are signed for a function's address by Signature Version 4
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html).
 */
export function createAsk({ url, region, keys, now = Date.now }: ApiPlace): Ask {
  return async (method, path, { query = {}, body } = {}) => {
    const target = new URL(path, url)
    target.search = queryText(query)
    const text = body && JSON.stringify(body)
    const sent = text === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: text }
    const signing = { service: 'lambda', region, now: now() }
    const { host: _, ...headers } = await signedHeaders({ method, url: target, ...sent }, keys, signing)
    const response = await reach(target, { ...sent, method, headers })
    return read(response)
  }
}

async function reach(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${messageOf(error.cause)})` : ''
    throw new CodedError('AWS_FAILED', `The api at ${url.host} does not answer: ${messageOf(error)}${cause}`, {
      hint: 'If the deployment was made anew, its address is another one: run "streamalert deploy", or mend aws.api.url.',
      cause: error,
    })
  }
}

async function read(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await textOf(response)
  const answer = objectIn(text)
  if (response.ok && answer) return answer
  const error = answer?.['error']
  if (isPlainObject(error) && typeof error['code'] === 'string') throw told(error)
  const said = answer?.['Message'] ?? answer?.['message']
  throw refused(response.status, (typeof said === 'string' ? said : text).slice(0, 300))
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw new CodedError('AWS_FAILED', `The api answers more than ${mostBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isPlainObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What the api says of itself. */
function told({ code, message, hint }: Readonly<Record<string, unknown>>): CodedError {
  const known: Code = typeof code === 'string' && Object.hasOwn(codes, code) ? (code as Code) : 'AWS_FAILED'
  const own = known === 'INTERNAL' ? 'AWS_FAILED' : known
  return new CodedError(
    own,
    String(message).slice(0, 2000),
    typeof hint === 'string' ? { hint: hint.slice(0, 500) } : {},
  )
}

/** What AWS says before the api hears of it. */
function refused(status: number, message: string): CodedError {
  const said = `AWS does not let you ask the api: ${message} (${status})`
  if (/expired|Signature|security token|credential/i.test(message))
    return new CodedError('AWS_FAILED', said, {
      hint: 'Renew your credentials: "aws sso login", or new AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    })
  if (status === 403)
    return new CodedError('API_FORBIDDEN', said, {
      hint: 'aws.api.access in streamalert.yaml names who may, by the ARN of a role or user; "streamalert deploy" brings it out.',
    })
  return new CodedError('AWS_FAILED', `The api failed: ${message} (${status})`)
}
