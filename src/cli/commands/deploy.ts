import { writeFileSync } from 'node:fs'
import { awsOf, ingestSecrets, outputSecrets } from '../../project/aws/index.ts'
import { buildProject, type BuildFlags, needPackages, outputsFile } from '../aws/build.ts'
import { checkConcurrency, reserved } from '../aws/concurrency.ts'
import { updateCode } from '../aws/function-code.ts'
import { machineMeans, type Means } from '../aws/means.ts'
import { agree, apply, type Consent, identify, openSession, plan, type Session } from '../aws/session.ts'
import { nextSteps } from '../aws/next-steps.ts'
import { succeed } from '../aws/terraform.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { CodedError } from '../../core/errors.ts'

/** Options of `deploy`. */
export interface DeployFlags extends BuildFlags, Consent {
  /** Only the functions' code. */
  readonly rules?: true
}

/**
 * Brings the project to AWS: shows the plan, asks, does it. A first time makes the bucket of Terraform's state before. Exit code 1
 * when the person says no.
 */
export async function deploy(cli: Cli, flags: DeployFlags, means: Means = machineMeans(cli)): Promise<ExitCode> {
  const built = await buildProject(cli, flags, means)
  needPackages(built)
  if (flags.rules) {
    const clients = means.aws(built.aws.region)
    await identify(built, clients)
    return updateCode(cli, built, await clients.lambda(), () =>
      agree('Replace the code of these functions?', flags, means),
    )
  }
  const session = await openSession(cli, built, means, (what) => {
    cli.say(`To be made first: ${what}`)
    return agree('Make it?', flags, means)
  })
  if (!session) return broken(cli)
  await needQuota(session)
  const changes = await plan(cli, session, means)
  if (changes.length > 0) {
    if (!(await agree('Do what the plan says?', flags, means))) return broken(cli)
    await apply(cli, session, means)
  }
  await report(cli, session, means)
  return 0
}

function broken(cli: Cli): ExitCode {
  cli.say('Nothing was deployed.')
  return 1
}

/** Terraform would find out in the middle. Throws AWS_FAILED. */
async function needQuota({ built, clients }: Session): Promise<void> {
  const { ok, detail, hint } = await checkConcurrency(
    await clients.lambda(),
    reserved(built.variables),
    built.aws.region,
  )
  if (!ok) throw new CodedError('AWS_FAILED', `The account's quota is too small: ${detail}.`, { hint })
}

/** What was made, and what is left for a person to do. */
async function report(cli: Cli, { built, state }: Session, { terraform }: Means): Promise<void> {
  const { stdout } = await succeed(terraform, built.infra, ['output', '-json'])
  const all = JSON.parse(stdout) as Record<string, { readonly value: unknown }>
  const outputs = Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]))
  writeFileSync(outputsFile(built.project), `${JSON.stringify(outputs, undefined, 2)}\n`)
  const { secretUses } = built.project
  const read = ingestSecrets(built.project, awsOf(built.project).clusters)
  const secrets = [...new Set([...outputSecrets(secretUses), ...read])]
  if (cli.json) cli.emit({ step: 'done', outputs, secrets })
  cli.say(`Deployed:\n${JSON.stringify(outputs, undefined, 2)}`)
  const { variables } = built
  for (const step of nextSteps({ account: state.account, variables, dataKey: String(outputs['data_key']) }))
    cli.say(step)
}
