import { z } from 'zod'
import { CodedError, Problems } from '../errors.ts'
import { severities } from '../severity.ts'

/** Bytes of a body at most. */
export const mostBody = 65_536

const text = z.string().min(1).max(512)
const id = z.string().regex(/^[\w.:-]{4,128}$/, 'is no id: 4 characters of one, or more')
const limit = z
  .string()
  .regex(/^([1-9]\d{0,2}|1000)$/, 'is not a whole number from 1 to 1000')
  .transform(Number)
  .default(50)
const cursor = z
  .string()
  .regex(/^\d{1,6}$/, 'is not a cursor that was answered')
  .transform(Number)
  .default(0)
const time = z.iso
  .datetime({ offset: true, error: 'is not a time: write 2026-03-01T10:00:00Z' })
  .transform((value) => Date.parse(value))

/** What each path takes. Queries hold texts only. */
export const nothing = z.strictObject({})
export const alertsQuery = z.strictObject({
  rule: text.optional(),
  severity: z.enum(severities).optional(),
  since: time.optional(),
  staged: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  digest: id.optional(),
  limit,
  cursor,
})
export const deadQuery = z.strictObject({
  output: text.optional(),
  rule: text.optional(),
  alert: id.optional(),
  limit,
  cursor,
})
const quarantined = {
  id: id.optional(),
  kind: z.enum(['record', 'verdict']).optional(),
  reason: text.optional(),
  schema: text.optional(),
  rule: text.optional(),
}
export const quarantineQuery = z.strictObject({ ...quarantined, limit, cursor })
export const deadRetry = z.strictObject({
  output: text.optional(),
  rule: text.optional(),
  alerts: z.array(id).min(1).max(100).optional(),
})
export const quarantineRetry = z.strictObject({ ...quarantined, cursor })

export const ruleStage = z.strictObject({ rule: text, forMs: z.int().min(1000).max(3e10).optional() })
export const rulePromote = z.strictObject({ rule: text })

/** Checks what was given; throws all that is wrong with it, each as API_INVALID. */
export function checked<S extends z.ZodType>(shape: S, given: unknown): z.output<S> {
  const result = shape.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.flatMap((issue): CodedError[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => invalid(key.slice(0, 100), 'is not known here'))
    const message = issue.message.startsWith('is ') ? issue.message : `is not as it should be: ${issue.message}`
    return [invalid(issue.path.join('.') || 'The body', message)]
  })
  throw new Problems(problems)
}

const invalid = (name: string, message: string) =>
  new CodedError('API_INVALID', `${name} ${message}.`, { place: { name } })

/** The parameters of a query as an object; a name that is given twice is a list, which no path takes. */
export function queryOf(query: string): Readonly<Record<string, unknown>> {
  const given = [...new URLSearchParams(query)]
  const names = new Set(given.map(([name]) => name))
  return Object.fromEntries(
    [...names].map((name) => {
      const values = given.filter(([other]) => other === name).map(([, value]) => value)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )
}

/** The body's JSON; no body is an empty object. Throws API_INVALID, API_TOO_LARGE. */
export function bodyOf(body: string | undefined): unknown {
  if (body === undefined || body === '') return {}
  if (body.length > mostBody)
    throw new CodedError('API_TOO_LARGE', `The body has more than ${mostBody} characters.`, { hint: 'Ask for less.' })
  try {
    return JSON.parse(body)
  } catch {
    throw new CodedError('API_INVALID', 'The body is no JSON.')
  }
}
