import { dig, parsedJson, several } from './data.ts'

/**
 * Reads AWS policies: the JSON that says who may do what.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */

/** The statements of a policy, given as an object or as JSON text; none for anything that is no policy. */
export const statementsOf = (policy: unknown): readonly unknown[] => several(dig(parsedJson(policy), 'Statement'))

/** Whether a policy lets anybody in the world do something: some statement allows everybody, and nothing narrows it. */
export const allowsEverybody = (policy: unknown): boolean =>
  statementsOf(policy).some(
    (statement) => dig(statement, 'Effect') === 'Allow' && namesEverybody(statement) && !isNarrowed(statement),
  )

/** Whether a policy allows every action on every resource. */
export const allowsEverything = (policy: unknown): boolean =>
  statementsOf(policy).some(
    (statement) =>
      dig(statement, 'Effect') === 'Allow' &&
      several(dig(statement, 'Action')).some((action) => action === '*' || action === '*:*') &&
      several(dig(statement, 'Resource')).includes('*'),
  )

/** Principals that a statement names, whatever their kind; users by canonical id are left out, they are never everybody. */
export function principalsOf(statement: unknown): readonly string[] {
  const principal = dig(statement, 'Principal')
  const kinds = typeof principal === 'object' && principal !== null && !Array.isArray(principal)
  const found = kinds
    ? ['AWS', 'Service', 'Federated'].flatMap((kind) => several(dig(principal, kind)))
    : several(principal)
  return found.filter((one) => typeof one === 'string')
}

/** The account of an ARN, or of a principal that is an account's bare number; undefined for anything else. */
export const accountOf = (principal: string): string | undefined =>
  /^(?:arn:aws[\w-]*:\w+:[\w-]*:)?(\d{12})(?::|$)/.exec(principal)?.[1]

const namesEverybody = (statement: unknown): boolean =>
  dig(statement, 'NotPrincipal') !== undefined || principalsOf(statement).some(isEverybody)

/** `*`, or an ARN whose account is open. Buckets have no account in their ARN. */
const isEverybody = (principal: string): boolean =>
  principal === '*' || (/^arn:[^:]*:[^:]*:[^:]*:\*?:/.test(principal) && !/^arn:[^:]*:s3:/.test(principal))

/** Condition keys that say who asks or from where. Others, such as a referer, are no wall. */
const narrowing: Readonly<Record<string, (value: string) => boolean>> = {
  'aws:sourcearn': isEverybody,
  'aws:principalarn': isEverybody,
  'aws:sourceowner': hasStar,
  'aws:sourceaccount': hasStar,
  'aws:principalaccount': hasStar,
  'kms:calleraccount': hasStar,
  'aws:principalorgid': (value) => value.includes('o-*') || value === '*',
  'aws:principalorgpaths': (value) => value.startsWith('o-*') || value === '*',
  'aws:userid': (value) => value.startsWith('*'),
  'aws:sourceip': (value) => value.endsWith('/0'),
  'aws:sourcevpc': hasStar,
  'aws:sourcevpce': hasStar,
  'saml:aud': hasStar,
}

function hasStar(value: string): boolean {
  return value.includes('*')
}

/** Operators that demand a value; negated ones and those of other types do not narrow to somebody. */
const demanding = /^(?:ForA(?:ll|ny)Values?:)?(?:Arn(?:Equals|Like)|String(?:Equals|Like)\w*|IpAddress)$/i

/** Conditions must all hold: one that admits only known callers is enough. Of its values any may hold: none may be open. */
function isNarrowed(statement: unknown): boolean {
  const condition = dig(statement, 'Condition')
  if (typeof condition !== 'object' || condition === null) return false
  return Object.entries(condition)
    .filter(([operator]) => demanding.test(operator))
    .flatMap(([, keys]) => (typeof keys === 'object' && keys !== null ? Object.entries(keys) : []))
    .some(([key, wanted]) => {
      const isOpen = Object.hasOwn(narrowing, key.toLowerCase()) ? narrowing[key.toLowerCase()] : undefined
      const values = several(wanted)
      return isOpen !== undefined && values.length > 0 && !values.some((value) => isOpen(String(value)))
    })
}
