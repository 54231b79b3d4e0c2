import { CodedError, messageOf } from '../core/errors.ts'

export interface HttpRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET'
  readonly url: string
  readonly headers: Headers
  readonly body?: string
}

/** What a send may use, and how its errors are kept free of secrets. */
export interface HttpMeans {
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  readonly now: number
  readonly redact: (text: string) => string
  /** Who answers, in the words of errors. Default: the far end. */
  readonly vendor?: string
  /** Status → what to do about it, where the vendor's own words do not say. */
  readonly hints?: Readonly<Record<number, string>>
  /** Further statuses that mean: too many requests. */
  readonly limits?: readonly number[]
}

/** Bytes of an answer that are read; more is of no use here. */
const longestAnswer = 1_048_576
const longestExcerpt = 300

/**
 * Sends one request and answers the text of a 2xx response. Else throws a CodedError:
 * - no connection, reset, 408, 425, 429, 5xx, and 403 when it is a limit on requests: OUTPUT_UNAVAILABLE, to be tried again,
 *   with what `Retry-After` asks for;
 * - a redirect, which is not followed (it could lead the alert to a place nobody configured): OUTPUT_MISCONFIGURED;
 * - 401, 403, 404, 405, 410: OUTPUT_MISCONFIGURED; any other status: OUTPUT_REJECTED.
 * The certificate of the far end is always verified.
 */
export async function sendHttp(request: HttpRequest, means: HttpMeans): Promise<string> {
  const { response, text } = await exchange(request, means)
  if (response.ok) return text
  throw refusal(response, text, means)
}

/** Sends one request and answers what comes back, whatever its status. Throws when nothing does, as `sendHttp`. */
export async function exchange(
  request: HttpRequest,
  means: HttpMeans,
): Promise<{ readonly response: Response; readonly text: string }> {
  const response = await open(request, means)
  return { response, text: await answerOf(response) }
}

async function open({ url, ...init }: HttpRequest, means: HttpMeans): Promise<Response> {
  const { fetch, signal, redact, vendor } = means
  checkAddress(url)
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal })
  } catch (error) {
    const from = vendor === undefined ? '' : ` from ${vendor}`
    throw new CodedError('OUTPUT_UNAVAILABLE', `No answer${from}: ${redact(causeOf(error))}.`, { retry: 'later' })
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

/** The error for a status that is none of success. */
export function refusal(response: Response, text: string, means: HttpMeans): CodedError {
  const { status, statusText, headers } = response
  const { now, redact, vendor = 'The far end', hints, limits = [] } = means
  const excerpt = redact(excerptOf(text))
  const answer = `${vendor} answers ${status}${statusText && ` ${statusText}`}${excerpt && `: ${excerpt}`}`
  if (
    status === 408 ||
    status === 425 ||
    status === 429 ||
    status >= 500 ||
    limits.includes(status) ||
    isLimit(status, headers)
  ) {
    const retryAfterMs = waitAsked(headers, now)
    return new CodedError('OUTPUT_UNAVAILABLE', answer, {
      retry: 'later',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
  if (status >= 300 && status < 400) {
    return new CodedError('OUTPUT_MISCONFIGURED', `${vendor} answers ${status}, a redirect, which is not followed.`, {
      hint: 'Configure the final address.',
    })
  }
  const hint = hints?.[status]
  return new CodedError(misconfigured.has(status) ? 'OUTPUT_MISCONFIGURED' : 'OUTPUT_REJECTED', answer, {
    ...(hint !== undefined && { hint }),
  })
}

/** GitHub answers 403 to too many requests: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const isLimit = (status: number, headers: Headers) =>
  status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0')

/** The beginning of an answer on one line; of a page of HTML, its words. */
function excerptOf(text: string): string {
  const start = text.slice(0, 4_096)
  const words = /^\s*</.test(start) ? start.replace(/<[^<>]*>/g, ' ') : start
  return words.replace(/\s+/g, ' ').trim().slice(0, longestExcerpt)
}

const misconfigured = new Set([401, 403, 404, 405, 410])

/** How long the far end asks to wait, milliseconds: by `Retry-After`, or as GitHub (epoch seconds) and PagerDuty (seconds) say it. */
function waitAsked(headers: Headers, now: number): number | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? NaN) * 1000 - now
  const asked = retryAfter(headers.get('retry-after') ?? headers.get('ratelimit-reset'), now)
  return asked ?? (reset > 0 && reset < longestReset ? reset : undefined)
}

/** A moment further away than a day is none that a limit ends at. */
const longestReset = 86_400_000

/** Sets a header. Throws OUTPUT_MISCONFIGURED, without the value, for one that no header may have. */
export function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {
    throw new CodedError('OUTPUT_MISCONFIGURED', `The value of header ${name} has characters that no header may have.`)
  }
}

/** `Retry-After`, seconds (some vendors give fractions) or an HTTP date (RFC 9110 §10.2.3), as milliseconds from `now`. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const wait = /^\d+(?:\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
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
