import { type CodedError, problemsOf } from '../../core/errors.ts'
import { type Built, buildProject, type BuildFlags } from '../aws/build.ts'
import { checkConcurrency, reserved } from '../aws/concurrency.ts'
import type { AwsClients } from '../aws/clients.ts'
import { machineMeans, type Means } from '../aws/means.ts'
import { findState, identify, initialise } from '../aws/session.ts'
import { managedIn, succeed, terraformVersion } from '../aws/terraform.ts'
import type { Cli, ExitCode } from '../cli.ts'

/** What one look found. `ok: null`: it could not be looked. */
interface Finding {
  readonly ok: boolean | null
  readonly detail: string
  readonly hint?: string
}

/**
 * Looks at what deployment needs, and at whether AWS is still as it was deployed. Changes nothing. Exit code 1 when something is not
 * as it should be.
 */
export async function doctor(cli: Cli, flags: BuildFlags, means: Means = machineMeans(cli)): Promise<ExitCode> {
  const built = await buildProject(cli, flags, means)
  const clients = means.aws(built.aws.region)
  const looks: readonly (readonly [check: string, look: () => Promise<Finding>])[] = [
    ['terraform', async () => ({ ok: true, detail: await terraformVersion(means.terraform, built.infra) })],
    [
      'credentials',
      async () => fine(await identify(built, clients).then(({ account, arn }) => `${arn} of ${account}`)),
    ],
    ['region', async () => regionOf(built, clients)],
    ['packages', async () => packagesOf(built)],
    ['quota', async () => checkConcurrency(await clients.lambda(), reserved(built.variables), built.aws.region)],
    ['drift', async () => drift(built, means)],
  ]
  const findings: Finding[] = []
  for (const [check, look] of looks) {
    const finding = await look().catch((error: unknown) => failed(problemsOf(error)))
    findings.push(finding)
    const { ok, detail, hint } = finding
    const told = ok === false && hint !== undefined
    if (cli.json) cli.emit({ check, ok, detail, ...(told && { hint }) })
    cli.say(`${ok === null ? '–' : ok ? '✓' : '✗'} ${check}: ${detail}${told ? `\n  → ${hint}` : ''}`)
  }
  return findings.some(({ ok }) => ok === false) ? 1 : 0
}

const fine = (detail: string): Finding => ({ ok: true, detail })

/** A prefix belongs to one region: there its state lies. */
async function regionOf(built: Built, clients: AwsClients): Promise<Finding> {
  const { region, prefix } = built.aws
  const { exists } = await findState(built, clients)
  return fine(exists ? `${region}, where "${prefix}" is` : `${region}, where nothing of "${prefix}" is yet`)
}

function failed([problem]: readonly CodedError[]): Finding {
  const { code, message, hint } = problem!
  return { ok: false, detail: `${code} ${message}`, ...(hint !== undefined && { hint }) }
}

const packagesOf = ({ missing }: Built): Finding =>
  missing.length === 0
    ? fine('all are there')
    : { ok: false, detail: `there is no ${missing.join(', ')}`, hint: 'Name their folder: --packages DIR.' }

const notDeployed = 'nothing is deployed: "streamalert deploy" does it'

/** `plan -detailed-exitcode` says 2 where something differs; the state is not locked, as it is only read. */
async function drift(built: Built, means: Means): Promise<Finding> {
  if (built.missing.length > 0) return { ok: null, detail: 'the plan needs the packages' }
  const { state, exists } = await findState(built, means.aws(built.aws.region))
  if (!exists) return { ok: null, detail: notDeployed }
  await initialise(built, means, state)
  const made = await managedIn(means.terraform, built.infra)
  if (made.length === 0) return { ok: null, detail: notDeployed }
  // After `destroy` only what holds data is left.
  if (!made.some((address) => address.includes('aws_lambda_function.')))
    return { ok: null, detail: 'only the data of an earlier deployment is there: "streamalert deploy" goes on with it' }
  const args = ['plan', '-detailed-exitcode', '-lock=false', `-var-file=${built.variablesFile}`]
  const { code, stdout } = await succeed(means.terraform, built.infra, args, { allowed: [0, 2] })
  if (code === 0) return fine('AWS is as the project says')
  const summary = /^Plan: .*$/m.exec(stdout)?.[0] ?? 'there are changes'
  return {
    ok: false,
    detail: `AWS and the project differ. ${summary}`,
    hint: 'See them, and mend them, with "streamalert deploy".',
  }
}
