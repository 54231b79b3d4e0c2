import type { WireCall } from '../../src/testing/aws-recorder.ts'
import { type Call, decide, listOf, type Policy, type Statement } from '../offline/evaluate-policy.ts'
import { policiesOf, type Shown } from '../offline/state.ts'
import { region } from './aws.ts'
import { functionOf, givenCalls } from './given.ts'
import { account, permissionsOf } from './iam.ts'
import { keyCalls, keysOf } from './keys.ts'
import { networkCallsByCode } from './network.ts'

/** A function whose role is looked at. */
export interface Caller {
  /** What was applied. */
  readonly shown: readonly Shown[]
  readonly name: string
  /** Keys of resources that were not applied: ARN of the resource → ARN of the key. */
  readonly foreignKeys: ReadonlyMap<string, string>
}

export interface Verdict {
  /** Calls that some policy does not allow. */
  readonly refused: readonly string[]
  /** What the role may do, and no call does: each action of each statement on each of its resources. */
  readonly unused: readonly string[]
}

/**
 * Holds the calls that a function made, and those that AWS makes in its name, against the policies of its role and of what they reach.
 * A statement that denies is used when it keeps code from what the role allows for AWS.
 */
export function judge(caller: Caller, made: readonly WireCall[]): Verdict {
  const role = roleOf(caller)
  const calls = callsOf(caller, made)
  const resources = resourcePolicies(caller.shown)
  const refused = calls.filter((call) => decide(role, call) !== 'allow' || isRefusedThere(resources, call))
  const byCode = networkCallsByCode(functionOf(caller.shown, caller.name))
  return { refused: refused.map(textOf), unused: [...unusedOf(role, calls), ...unusedOf(role, byCode, 'Deny')] }
}

/** All that was asked, each once: by the function, by AWS in its name, and of keys. */
export function callsOf({ shown, name, foreignKeys }: Caller, made: readonly WireCall[]): readonly Call[] {
  const keys = new Map([...keysOf(shown), ...foreignKeys])
  const asked = [...made.flatMap(permissionsOf), ...givenCalls(shown, name)]
  const all = unique([...asked, ...asked.flatMap((call) => keyCalls(keys, call, region))])
  // Variables are decrypted; there is no such action.
  return all.filter(({ action }) => action !== 'lambda:Environment')
}

/** Those of the calls that the function's role allows. */
export function allowedOf(caller: Pick<Caller, 'shown' | 'name'>, calls: readonly Call[]): readonly string[] {
  const role = roleOf(caller)
  return calls.filter((call) => decide(role, call) === 'allow').map(textOf)
}

/** The policy of a function's role. */
export function roleOf({ shown, name }: Pick<Caller, 'shown' | 'name'>): Policy {
  const found = shown.find(({ type, values }) => type === 'aws_iam_role_policy' && values['role'] === name)
  if (!found) throw new Error(`The role ${name} has no policy.`)
  return JSON.parse(String(found.values['policy'])) as Policy
}

/** Policies of keys, buckets and queues, by the ARN of what they are on. */
function resourcePolicies(shown: readonly Shown[]): ReadonlyMap<string, Policy> {
  const keys = shown.filter(({ type }) => type === 'aws_kms_key')
  const others = [...policiesOf(shown, 'aws_s3_bucket_policy'), ...policiesOf(shown, 'aws_sqs_queue_policy')]
  return new Map([
    ...keys.map(({ values }) => [String(values['arn']), JSON.parse(String(values['policy'])) as Policy] as const),
    ...others.map(
      ([, policy]) => [listOf(policy.Statement[0]!.Resource!).at(-1)!.replace(/\/\*$/, ''), policy] as const,
    ),
  ])
}

/** A key's policy has to allow a call too; that of a bucket or queue may only not deny it. */
function isRefusedThere(policies: ReadonlyMap<string, Policy>, { action, resource, context }: Call): boolean {
  const [, policy] = [...policies].find(([arn]) => resource === arn || resource.startsWith(`${arn}/`)) ?? []
  if (!policy) return false
  const call = { action, resource, principal: `arn:aws:iam::${account}:root` }
  const said = decide(policy, { ...call, context: { 'aws:SecureTransport': 'true', ...context } })
  return action.startsWith('kms:') ? said !== 'allow' : said === 'deny'
}

/** Actions of statements, on each of their resources, that decide no call. */
function unusedOf(
  { Statement }: Policy,
  calls: readonly Call[],
  effect: Statement['Effect'] = 'Allow',
): readonly string[] {
  const said = effect === 'Allow' ? 'allow' : 'deny'
  return Statement.filter(({ Effect }) => Effect === effect).flatMap((statement) =>
    listOf(statement.Action!).flatMap((Action) =>
      listOf(statement.Resource!)
        .filter(
          (Resource) =>
            !calls.some((call) => decide({ Statement: [{ ...statement, Action, Resource }] }, call) === said),
        )
        .map((Resource) => `${statement.Sid}: ${Action} ${Resource}`),
    ),
  )
}

const textOf = ({ action, resource, context }: Call) => [action, resource, ...Object.values(context ?? {})].join(' ')
const unique = (calls: readonly Call[]) => [...new Map(calls.map((call) => [textOf(call), call])).values()]
