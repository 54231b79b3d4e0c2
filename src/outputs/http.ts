import { CodedError, messageOf } from '../core/errors.ts'

export interface HttpRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET'
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** What a send may use, and how its errors are kept free of secrets. */
export interface HttpMeans {
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  readonly now: number
  readonly redact: (text: string) => string
}

/** Bytes of an answer that are read; more is of no use here. */
const longestAnswer = 65_536
const longestExcerpt = 300

/**
 * Sends one request and answers the text of a 2xx response. Else throws a CodedError:
 * - no connection, reset, 408, 425, 429, 5xx: OUTPUT_UNAVAILABLE, to be tried again, with what `Retry-After` asks for;
 * - a redirect, which is not followed (it could lead the alert to a place nobody configured): OUTPUT_MISCONFIGURED;
 * - 401, 403, 404, 405, 410: OUTPUT_MISCONFIGURED; any other status: OUTPUT_REJECTED.
 * The certificate of the far end is always verified.
 */
export async function sendHttp(request: HttpRequest, means: HttpMeans): Promise<string> {
  const response = await open(request, means)
  const text = await answerOf(response)
  if (response.ok) return text
  throw refusal(response, means.redact(text), means)
}

async function open({ url, ...init }: HttpRequest, { fetch, signal, redact }: HttpMeans): Promise<Response> {
  checkAddress(url)
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal })
  } catch (error) {
    throw new CodedError('OUTPUT_UNAVAILABLE', `No answer: ${redact(causeOf(error))}.`, { retry: 'later' })
  }
}

/** fetch would name a wrong address in its error, and with it what is secret in it. */
function checkAddress(url: string): void {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new CodedError('OUTPUT_MISCONFIGURED', 'The address is not an http:// or https:// address.')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new CodedError('OUTPUT_MISCONFIGURED', 'The address holds a user name or password.', {
      hint: 'Send them in a header: Authorization.',
    })
  }
}

/** fetch says "fetch failed"; the reason lies in the cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const message = messageOf(cause)
  return code === '' || message.includes(code) ? message : `${code} ${message}`
}

function refusal(response: Response, text: string, { now }: HttpMeans): CodedError {
  const { status } = response
  const excerpt = text.replace(/\s+/g, ' ').trim().slice(0, longestExcerpt)
  const answer = `The far end answers ${status}${response.statusText && ` ${response.statusText}`}${excerpt && `: ${excerpt}`}`
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const retryAfterMs = retryAfter(response.headers.get('retry-after'), now)
    return new CodedError('OUTPUT_UNAVAILABLE', answer, {
      retry: 'later',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
  if (status >= 300 && status < 400) {
    return new CodedError('OUTPUT_MISCONFIGURED', `The far end answers ${status}, a redirect, which is not followed.`, {
      hint: 'Configure the final address.',
    })
  }
  return new CodedError(misconfigured.has(status) ? 'OUTPUT_MISCONFIGURED' : 'OUTPUT_REJECTED', answer)
}

const misconfigured = new Set([401, 403, 404, 405, 410])

/** Sets a header. Throws OUTPUT_MISCONFIGURED, without the value, for one that no header may have. */
export function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {
    throw new CodedError('OUTPUT_MISCONFIGURED', `The value of header ${name} has characters that no header may have.`)
  }
}

/** `Retry-After`, seconds or an HTTP date (RFC 9110 §10.2.3), as milliseconds from `now`. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(wait) && wait > 0 ? wait : undefined
}

/** The beginning of an answer. One that breaks off is as good as its beginning: its status has arrived. */
async function answerOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      bytes += chunk.length
      if (bytes >= longestAnswer) break
    }
  } catch {
    // See above.
  }
  return text
}
