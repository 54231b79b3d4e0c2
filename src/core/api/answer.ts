import type { ApiResponse, StoredAlert } from '../contracts/index.ts'
import { type Code, CodedError, problemsOf } from '../errors.ts'

/** Bytes of a page; a function of AWS may answer six million (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const mostPage = 4_000_000
const mostAnswer = 5_500_000
/** Bytes of one record in a list of alerts. */
const mostRecord = 262_144

const headers = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

const sizeOf = (text: string): number => new TextEncoder().encode(text).length

/** JSON of anything, also where a rule's context holds a bigint. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part))

export function answerOf(status: number, value: unknown, more: Readonly<Record<string, string>> = {}): ApiResponse {
  const body = jsonOf(value)
  if (status >= 400 || sizeOf(body) <= mostAnswer) return { status, headers: { ...headers, ...more }, body }
  const hint = 'The record lies in the bucket of the deployment, below "large/".'
  return failureOf(new CodedError('API_TOO_LARGE', 'The answer is larger than a function may give.', { hint }))
}

/** What one code answers; what is not named is a fault of ours, or of what it stands on. */
const statuses: Partial<Readonly<Record<Code, number>>> = {
  API_INVALID: 400,
  API_FORBIDDEN: 403,
  NOT_FOUND: 404,
  AMBIGUOUS: 409,
  API_TOO_LARGE: 413,
  API_SLOW: 503,
}

/** The same of faults that are not the asker's. */
const ourStatuses: Partial<Readonly<Record<Code, number>>> = { STORE_FAILED: 503, AWS_FAILED: 502 }

/** What a fault of ours, or of what the api stands on, is called outside. */
function ours({ code }: CodedError): CodedError {
  const hint = 'The log of the api says why.'
  if (code === 'STORE_FAILED') return new CodedError(code, 'What is kept could not be read or written.', { hint })
  return code === 'AWS_FAILED'
    ? new CodedError(code, 'A function that was asked failed.', { hint })
    : new CodedError('INTERNAL', 'The api failed.', { hint })
}

/** Anything thrown as an answer. Of faults of ours nothing is told but that there was one. */
export function failureOf(error: unknown, more: Readonly<Record<string, string>> = {}, status?: number): ApiResponse {
  const problems = problemsOf(error).map((problem) => (statuses[problem.code] === undefined ? ours(problem) : problem))
  const [first] = problems as [CodedError, ...CodedError[]]
  const told = problems.map(({ code, message, hint }) => ({ code, message, ...(hint !== undefined && { hint }) }))
  const { code, hint } = told[0]!
  const message = told.map((one) => one.message).join(' ')
  const all = told.length > 1 && { problems: told }
  return answerOf(
    status ?? statuses[first.code] ?? ourStatuses[first.code] ?? 500,
    { error: { code, message, ...(hint !== undefined && { hint }), ...all } },
    more,
  )
}

/** A page of a list under its name, as far as its bytes allow; `cursor`: where the next one begins, if there may be one. */
export function pageOf<T>(name: string, found: readonly T[], at: { readonly cursor: number; readonly limit: number }) {
  let size = 0
  const fits = found.findIndex((one) => (size += sizeOf(jsonOf(one))) > mostPage)
  const told = fits < 0 ? found : found.slice(0, Math.max(1, fits))
  const isLast = fits < 0 && found.length < at.limit
  return { [name]: told, ...(!isLast && { cursor: String(at.cursor + told.length) }) }
}

/** An alert of a list: what is large is only shown with the alert alone. */
export function listed(stored: StoredAlert): StoredAlert {
  const { alert, deliveries } = stored
  const size = sizeOf(jsonOf(alert.record))
  if (size <= mostRecord) return stored
  const { envelope: _, normalised: __, ...record } = alert.record
  const data = { 'streamalert:left-out': `The record has ${size} bytes; it is shown with the alert alone.` }
  return { alert: { ...alert, record: { ...record, data } }, deliveries }
}
