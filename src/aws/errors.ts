import { CodedError, messageOf } from '../core/errors.ts'
import type { FailureCodes } from '../core/failures.ts'

/** As the SDK gives errors of a service: https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/error-handling.html */
interface ServiceError {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $retryable?: unknown
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** `AccessDeniedException: User … is not authorized …` as an error of ours. A CodedError stays as it is. */
export function awsError(error: unknown, codes: FailureCodes, redact = (text: string) => text): CodedError {
  if (error instanceof CodedError) return error
  const { $metadata, $retryable, $response } = (error instanceof Error ? error : {}) as ServiceError
  const name = error instanceof Error ? error.name : ''
  const status = $metadata?.httpStatusCode
  const text = redact(messageOf(error).replace(/\s+/g, ' ').trim().slice(0, 400))
  const named = /^(Error|UnknownError|Unknown|)$/.test(name) || text === name ? text : `${name}: ${text}`
  const message = `AWS: ${named}${status === undefined || status === 200 ? '' : ` (${status})`}`
  if (isPassing(name, status, $retryable !== undefined) && !isLocal(name, text)) {
    const seconds = Number($response?.headers?.['retry-after'])
    return new CodedError(codes.unavailable, message, {
      retry: 'later',
      ...(seconds > 0 && Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
    })
  }
  const misconfigured =
    isLocal(name, text) || status === 401 || status === 403 || status === 404 || wrongPlace.test(name)
  return new CodedError(misconfigured ? codes.misconfigured : codes.rejected, message, hintOf(name, text))
}

/** Without a status nothing answered. Keys may come back: a session that is renewed, a role that is attached. */
function isPassing(name: string, status: number | undefined, retryable: boolean): boolean {
  if (retryable || passing.test(name)) return true
  return status === undefined || status === 408 || status === 429 || status >= 500
}

const passing =
  /Throttl|TooManyRequests|LimitExceeded|SlowDown|RequestTimeout|RequestTimeTooSkewed|Expired|CredentialsProviderError|ServiceUnavailable|InternalError|InternalFailure/

const wrongPlace =
  /AccessDenied|NotFound|NoSuch|NonExistent|DoesNotExist|NotAuthorized|UnrecognizedClient|InvalidClientTokenId|Signature|PermanentRedirect|AuthorizationHeaderMalformed/

/** What the SDK says before anything is sent. */
const isLocal = (name: string, text: string) =>
  name === 'TypeError' || /^Region is missing|^Invalid URL|^Could not resolve endpoint/i.test(text)

function hintOf(name: string, text: string): { hint?: string } {
  if (text.startsWith('Region is missing')) return { hint: 'Set the option "region", or AWS_REGION.' }
  if (/AccessDenied|NotAuthorized/.test(name)) return { hint: 'Allow the action in the policy of the role or user.' }
  return {}
}
