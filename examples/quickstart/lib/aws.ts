/** What several AWS rules ask of a CloudTrail event. */

interface Caller {
  readonly type?: string | null | undefined
  readonly arn?: string | null | undefined
  readonly userName?: string | null | undefined
}

/** Who made the call, as people say it: the user's name, `root`, or the last part of the role's ARN. */
export function caller(identity: Caller): string {
  if (identity.type === 'Root') return 'root'
  return identity.userName ?? identity.arn?.split('/').slice(1).join('/') ?? identity.type ?? 'somebody'
}

/** The value below `path` in the parts of an event that CloudTrail leaves untyped. */
export function dig(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string, unknown>)[key]
        : undefined,
    value,
  )
}

/** The text or number below `path`, as text; empty when there is none. */
export function digText(value: unknown, ...path: readonly string[]): string {
  const found = dig(value, ...path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

/** A value as a list: CloudTrail and IAM write one thing as itself and several as a list. */
export const several = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
