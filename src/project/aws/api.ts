import { z } from 'zod'
import { type Grant, principalOf, roles } from '../../core/api/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { YamlFile } from '../yaml.ts'

/** `arn:aws:iam::123456789012:role/name`; in the name, `*` is any text. */
const principal = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]{0,512}[\w+=,.@*-]{1,64}$/,
    'is not the ARN of a role or a user, as arn:aws:iam::123456789012:role/name',
  )
  .refine((arn) => !/^\*+$/.test(principalOf(arn)?.name ?? ''), 'is everybody of an account: write some of the name')

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?\/?$/

/** The section `aws.api`. */
export const apiConfig = z.strictObject({
  access: z
    .array(
      z.strictObject({
        principals: z.array(principal).min(1).meta({
          description:
            'ARNs of roles and users. Those who assume a role are known by it. In a name, `*` is any text: then their own policies must allow the call, too.',
        }),
        role: z.enum(roles).meta({
          description:
            '`viewer`: status and alerts, sensitive fields hidden. `responder`: also the quarantine, and trying again. `admin`: all, nothing hidden.',
        }),
        clusters: z
          .union([z.literal('all'), z.array(z.string()).min(1)])
          .meta({ description: 'Where: names, or `all`.' }),
      }),
    )
    .default([])
    .meta({ description: 'Who may ask what happened, with `--aws`. Nobody: the api is not made.' }),
  url: z
    .string()
    .refine((url) => URL.parse(url)?.protocol === 'https:' || loopback.test(url), 'is not an address: write https://…')
    .optional()
    .meta({
      description: 'Where the api is, as `deploy` printed it: for people who may not read the state of Terraform.',
    }),
})

export type ApiConfig = z.output<typeof apiConfig>

/** Clusters of grants must be there. Faults go to `problems`. */
export function checkApi(
  { access }: ApiConfig,
  clusters: readonly string[],
  yaml: YamlFile,
  problems: CodedError[],
): void {
  for (const [n, grant] of access.entries())
    for (const [m, name] of grant.clusters === 'all' ? [] : grant.clusters.entries())
      if (!clusters.includes(name)) {
        const at = ['aws', 'api', 'access', n, 'clusters', m]
        problems.push(
          new CodedError('CONFIG_UNKNOWN_NAME', `There is no cluster "${name}".`, {
            place: yaml.place(at),
            hint: `There are ${clusters.join(', ')}.`,
          }),
        )
      }
}

/**
 * `api` of infra/variables.tf. AWS takes no patterns for who may call a function: for those with one, the account is named, and policies of
 * its own say who may; the function then looks at the name.
 */
export function apiVariables({ access }: ApiConfig) {
  const named = access.flatMap(({ principals }) => principals)
  const callers = named.map((arn) => (arn.includes('*') ? accountOf(arn) : arn))
  return { callers: [...new Set(callers)].toSorted(), retries: access.some(({ role }) => role !== 'viewer') }
}

const accountOf = (arn: string): string => arn.split(':')[4]!

/** What the function is told of who may do what. */
export const grantsOf = ({ access }: ApiConfig): readonly Grant[] => access
