import { CodedError } from '../../core/errors.ts'
import { stateBucketName } from '../../project/aws/index.ts'
import type { Cli } from '../cli.ts'
import type { Built } from './build.ts'
import type { AwsClients } from './clients.ts'
import type { Identity } from './identity.ts'
import type { Means } from './means.ts'
import { bringLock, keepLock } from './provider-lock.ts'
import { backendArguments, hasStateBucket, makeStateBucket, stateBucketText, type StatePlace } from './state-bucket.ts'
import { type Change, changesOf, countChanges, succeed, terraformVersion } from './terraform.ts'

/** Options of commands that change something. */
export interface Consent {
  /** Nothing is asked. */
  readonly yes?: true
}

/** Asks before something is changed. Throws USAGE where nobody can be asked. */
export async function agree(message: string, { yes }: Consent, { input }: Pick<Means, 'input'>): Promise<boolean> {
  if (yes) return true
  if (input.ask) return input.ask.confirm(message, false)
  throw new CodedError('USAGE', `Nobody can be asked: ${message}`, { hint: 'Give --yes if you agree.' })
}

/** Whose credentials these are. Throws CONFIG_INVALID when the project belongs to another account. */
export async function identify({ aws }: Pick<Built, 'aws'>, clients: AwsClients): Promise<Identity> {
  const identity = await clients.identity()
  if (aws.account === undefined || aws.account === identity.account) return identity
  throw new CodedError(
    'CONFIG_INVALID',
    `These are credentials of ${identity.account}; aws.account is ${aws.account}.`,
    {
      place: { file: 'streamalert.yaml' },
      hint: 'Take those of the right account, such as with AWS_PROFILE.',
    },
  )
}

/** A project, ready for plans. */
export interface Session {
  readonly built: Built
  readonly clients: AwsClients
  readonly state: StatePlace
}

/** Where the state is, and whether it is there. */
export async function findState(built: Built, clients: AwsClients): Promise<{ state: StatePlace; exists: boolean }> {
  const { account } = await identify(built, clients)
  const { prefix, region } = built.aws
  const state = { bucket: stateBucketName(prefix, account), region, account }
  return { state, exists: await hasStateBucket(await clients.s3(), state) }
}

/**
 * Makes Terraform ready: its version, the state's bucket (made where it is absent, if `make` agrees), its providers. Undefined: the
 * bucket is absent, and is not to be made.
 */
export async function openSession(
  cli: Cli,
  built: Built,
  means: Means,
  make: (what: string) => Promise<boolean>,
): Promise<Session | undefined> {
  await terraformVersion(means.terraform, built.infra)
  const clients = means.aws(built.aws.region)
  const { state, exists } = await findState(built, clients)
  if (!exists) {
    if (!(await make(stateBucketText(state)))) return undefined
    await makeStateBucket(await clients.s3(), state)
    cli.say(`Made ${state.bucket}.`)
  }
  await initialise(built, means, state)
  if (keepLock(built.project.dir, built.infra))
    cli.say('Wrote terraform.lock.hcl, the checksums of what Terraform installs: keep it with the project.')
  return { built, clients, state }
}

/** Makes Terraform ready in the folder of what is built: the place of its state, its providers. */
export async function initialise({ infra, project }: Built, { terraform }: Means, state: StatePlace): Promise<void> {
  bringLock(project.dir, infra)
  await succeed(terraform, infra, ['init', '-reconfigure', ...backendArguments(state)])
}

const planFile = 'plan.tfplan'

/** Plans, and shows the plan. Empty: there is nothing to do. */
export async function plan(
  cli: Cli,
  { built }: Session,
  means: Means,
  args: readonly string[] = [],
): Promise<readonly Change[]> {
  const all = ['plan', `-out=${planFile}`, `-var-file=${built.variablesFile}`, ...args]
  const { stdout } = await succeed(means.terraform, built.infra, all)
  const changes = await changesOf(means.terraform, built.infra, planFile)
  cli.say(withoutNoise(stdout))
  if (cli.json) cli.emit({ step: 'plan', ...countChanges(changes) })
  return changes
}

/** Nobody reads what was read. */
const withoutNoise = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/: (Reading\.\.\.|Still reading|Read complete after|Refreshing state\.\.\.)/.test(line))
    .join('\n')
    .trim()

/** Does what was planned last. */
export async function apply(cli: Cli, { built }: Session, means: Means): Promise<void> {
  const show = (text: string) => cli.say(text.trimEnd())
  await succeed(means.terraform, built.infra, ['apply', planFile], { show })
}
