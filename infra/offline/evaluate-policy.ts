/** A call to AWS, as IAM sees it. */
export interface Call {
  /** `s3:GetObject` */
  readonly action: string
  readonly resource: string
  /** Condition key → value, such as `aws:SecureTransport`. Names are not case-sensitive. */
  readonly context?: Readonly<Record<string, string>>
  /** Who calls, for policies of resources: `service:s3.amazonaws.com`, or an ARN. */
  readonly principal?: string
}

export interface Policy {
  readonly Statement: readonly Statement[]
}

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: Texts
  readonly NotAction?: Texts
  readonly Resource?: Texts
  readonly Principal?: '*' | Readonly<Record<string, Texts>>
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>
}

type Texts = string | readonly string[]

/**
 * What a policy says to a call: an explicit Deny wins over every Allow; what nothing allows is `none`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). Throws for what is not known here,
 * so that nothing passes unseen.
 */
export function decide({ Statement }: Policy, call: Call): 'allow' | 'deny' | 'none' {
  const meant = Statement.filter((statement) => isMeant(statement, call))
  if (meant.some(({ Effect }) => Effect === 'Deny')) return 'deny'
  return meant.length > 0 ? 'allow' : 'none'
}

/** Statements that a call makes use of. */
export const allowing = ({ Statement }: Policy, call: Call): readonly Statement[] =>
  Statement.filter((statement) => statement.Effect === 'Allow' && isMeant(statement, call))

function isMeant({ Action, NotAction, Resource, Principal, Condition }: Statement, call: Call): boolean {
  const named =
    Action !== undefined ? someMatch(Action, call.action, false) : !someMatch(NotAction ?? [], call.action, false)
  return (
    named &&
    (Resource === undefined || someMatch(Resource, call.resource, true)) &&
    (Principal === undefined || isPrincipal(Principal, call.principal)) &&
    Object.entries(Condition ?? {}).every(([test, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(test, valueOf(call, key), listOf(values))),
    )
  )
}

function isPrincipal(given: NonNullable<Statement['Principal']>, principal: string | undefined): boolean {
  if (given === '*') return true
  return Object.entries(given).some(([type, names]) =>
    listOf(names).some((name) => name === '*' || (type === 'Service' ? `service:${name}` : name) === principal),
  )
}

const valueOf = ({ context = {} }: Call, key: string) =>
  Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]

function holds(test: string, value: string | undefined, wanted: readonly string[]): boolean {
  if (test === 'ArnNotEquals') return value === undefined || !someMatch(wanted, value, true)
  if (value === undefined) return false
  switch (test) {
    case 'StringEquals':
      return wanted.includes(value)
    case 'Bool':
      return wanted.some((one) => one.toLowerCase() === value.toLowerCase())
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return someMatch(wanted, value, true)
    default:
      throw new Error(`The condition ${test} is not known.`)
  }
}

/** `*` is any text, `?` one character. Actions are not case-sensitive. */
function someMatch(patterns: Texts, text: string, caseSensitive: boolean): boolean {
  return listOf(patterns).some((pattern) => {
    const source = pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return new RegExp(`^${source}$`, caseSensitive ? '' : 'i').test(text)
  })
}

export const listOf = (texts: Texts): readonly string[] => (typeof texts === 'string' ? [texts] : texts)
