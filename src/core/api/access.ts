/** Who may do what. */
import { compileGlob } from '../glob.ts'

/**
 * `viewer`: status and alerts, with sensitive fields hidden. `responder`: also what is in quarantine; and tries again what failed.
 * `admin`: everything, and nothing is hidden.
 */
export const roles = ['viewer', 'responder', 'admin'] as const
export type Role = (typeof roles)[number]

/** A role for some people, in some clusters. */
export interface Grant {
  /** ARNs of roles and users of IAM; in their names, `*` stands for any text. */
  readonly principals: readonly string[]
  readonly role: Role
  readonly clusters: readonly string[] | 'all'
}

/** Who an ARN is: `arn:aws:iam::123456789012:role/path/name` is `{ account: 'aws 123456789012', kind: 'role', name: 'name' }`. */
export interface Principal {
  /** Partition and number. */
  readonly account: string
  readonly kind: 'role' | 'user'
  readonly name: string
}

const iam = /^arn:(aws[a-z-]*):iam::(\d{12}):(role|user)\/(?:[^:]*\/)?([^/:]+)$/
/** Of a role that was assumed, the session's ARN names the role without its path; names of roles are unique in their account. */
const assumed = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/:]+)\/[^/:]+$/

/**
 * Undefined for whatever is neither a role nor a user, such as the account's root
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
 */
export function principalOf(arn: string): Principal | undefined {
  const [, partition, number, kind, name] = iam.exec(arn) ?? []
  if (name !== undefined) return { account: `${partition} ${number}`, kind: kind as 'role' | 'user', name }
  const [, ofSession, account, role] = assumed.exec(arn) ?? []
  return role === undefined ? undefined : { account: `${ofSession} ${account}`, kind: 'role', name: role }
}

/** What a caller may do, by the grants that name him. */
export interface Access {
  /** The highest of the roles in a cluster; undefined: none. */
  readonly roleIn: (cluster: string) => Role | undefined
  /** True when no grant names the caller at all. */
  readonly isStranger: boolean
}

/** Compiles grants; what it answers tells what an ARN may do. */
export function compileAccess(grants: readonly Grant[]): (arn: string | undefined) => Access {
  const compiled = grants.map(({ principals, role, clusters }) => {
    const named = principals.flatMap((arn) => {
      const principal = principalOf(arn)
      return principal ? [{ ...principal, isNamed: compileGlob(principal.name.replaceAll(/[[\]?\\]/g, '\\$&')) }] : []
    })
    return { named, role, isIn: (cluster: string) => clusters === 'all' || clusters.includes(cluster) }
  })
  return (arn) => {
    const who = arn === undefined ? undefined : principalOf(arn)
    const own = compiled.filter(({ named }) =>
      named.some(
        ({ account, kind, isNamed }) => who && account === who.account && kind === who.kind && isNamed(who.name),
      ),
    )
    return {
      isStranger: own.length === 0,
      roleIn: (cluster) => roles.findLast((role) => own.some((grant) => grant.role === role && grant.isIn(cluster))),
    }
  }
}

/** Whether a role may do what another one may. */
export const includes = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed)
